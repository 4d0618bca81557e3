import type { RoomRules } from '../config/config.ts';

/** Whether a room of this name and metadata is ours to answer. Metadata that is no JSON object meets no requirement. */
export function admits(
  rules: RoomRules,
  room: { readonly name: string; readonly metadata: string },
): boolean {
  return admitsName(rules, room.name) && admitsMetadata(rules, room.metadata);
}

export function admitsName({ name: pattern }: RoomRules, name: string): boolean {
  return pattern === undefined || pattern.test(name);
}

function admitsMetadata({ metadata: wanted }: RoomRules, metadata: string): boolean {
  if (wanted === undefined) return true;
  const found = property(metadata, wanted.key);
  return wanted.value === undefined ? Boolean(found) : found !== undefined && String(found) === wanted.value;
}

function property(json: string, key: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([name]) => name === key)?.[1];
  } catch {
    return undefined;
  }
}
