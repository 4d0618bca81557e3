/** One character of the vendor's alignment; times in ms, restarting with each generation. */
export interface Alignment {
  readonly chars: readonly string[];
  readonly startsMs: readonly number[];
}

export type TtsFrame =
  | {
      readonly type: 'audio';
      readonly contextId: string | undefined;
      readonly bytes: Uint8Array;
      readonly alignment: Alignment | undefined;
      readonly isFinal: boolean;
    }
  /** An error without a context id ends the whole socket. */
  | {
      readonly type: 'error';
      readonly contextId: string | undefined;
      readonly code: string;
      readonly text: string;
    }
  | { readonly type: 'other' };

/** One frame of the server, in any of the spellings that were met; undefined when it is no JSON object. */
export function parseTtsFrame(raw: string): TtsFrame | undefined {
  let data: unknown;
  try {
    data = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (!isRecord(data)) return undefined;
  const contextId = text(data.contextId) ?? text(data.context_id);
  const error = text(data.error);
  if (error !== undefined) {
    return { type: 'error', contextId, code: error, text: text(data.message) ?? error };
  }
  const isFinal = data.isFinal === true || data.is_final === true;
  const audio = text(data.audio);
  const alignment = parseAlignment(data.alignment);
  if (!isFinal && audio === undefined && alignment === undefined) return { type: 'other' };
  return { type: 'audio', contextId, bytes: Buffer.from(audio ?? '', 'base64'), alignment, isFinal };
}

function parseAlignment(value: unknown): Alignment | undefined {
  if (!isRecord(value) || !Array.isArray(value.chars)) return undefined;
  const starts = value.charStartTimesMs ?? value.charsStartTimesMs ?? value.char_start_times_ms;
  if (!Array.isArray(starts)) return undefined;
  const chars = value.chars.map(String);
  const startsMs = starts.map(Number);
  return chars.length > 0 && chars.length === startsMs.length && startsMs.every(Number.isFinite)
    ? { chars, startsMs }
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A whole clause, generated at once. Text must end with a space. The first message of a context creates it. */
export function clauseMessage(contextId: string, clause: string): string {
  return JSON.stringify({ text: `${clause} `, context_id: contextId, flush: true });
}

/** Resets the context's inactivity timer. Only for a context that exists: any unknown id creates one. */
export function keepaliveMessage(contextId: string): string {
  return JSON.stringify({ text: '', context_id: contextId });
}

/** Flushes that were asked for run to completion; then `isFinal` comes and frees the slot. */
export function closeContextMessage(contextId: string): string {
  return JSON.stringify({ context_id: contextId, close_context: true });
}

export const CLOSE_SOCKET = JSON.stringify({ close_socket: true });
