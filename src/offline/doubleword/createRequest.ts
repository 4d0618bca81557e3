import { Refusal } from './refusal.ts';
import { isRecord } from './requestLines.ts';
import { type LocatedJson, parseSerdeJson, placeOf, SerdeError } from './serdeJson.ts';

export interface CreateRequest {
  readonly inputFileId: string;
  readonly endpoint: string;
  readonly window: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const RESERVED = [
  'createdbyemail',
  'contextname',
  'contexttype',
  'requestsource',
  'createdby',
  'dwuseragent',
];

/** Reads the body of a create; what does not fit is refused in serde's words, with the place. */
export function readCreateRequest(text: string): CreateRequest {
  const parsed = parse(text);
  const body = isRecord(parsed.value) ? parsed.value : {};
  const misfit = (reason: string, offset: number) =>
    Refusal.text(
      422,
      `Failed to deserialize the JSON body into the target type: ${reason} ${placeOf(text, offset)}`,
    );
  const stringAt = (value: unknown, path: string): string => {
    if (typeof value === 'string') return value;
    throw misfit(`${path}: invalid type: ${describe(value)}, expected a string`, parsed.endOf(path));
  };
  const field = (name: string): string => {
    if (body[name] === undefined) throw misfit(`missing field \`${name}\``, text.length);
    return stringAt(body[name], name);
  };
  const metadata = body.metadata ?? {};
  if (!isRecord(metadata)) {
    throw misfit(`metadata: invalid type: ${describe(metadata)}, expected a map`, parsed.endOf('metadata'));
  }
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => [
    key,
    stringAt(value, `metadata.${key}`),
  ]);
  return {
    inputFileId: field('input_file_id'),
    endpoint: field('endpoint'),
    window: field('completion_window'),
    metadata: Object.fromEntries(entries.filter(([key]) => !isReserved(key))),
  };
}

function parse(text: string): LocatedJson {
  try {
    return parseSerdeJson(text);
  } catch (error) {
    if (!(error instanceof SerdeError)) throw error;
    throw Refusal.text(400, `Failed to parse the request body as JSON: ${error.message}`);
  }
}

function isReserved(key: string): boolean {
  return RESERVED.includes(key.toLowerCase().replace(/[-_]/g, ''));
}

function describe(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? `integer \`${value}\`` : `floating point \`${value}\``;
  }
  if (typeof value === 'boolean') return `boolean \`${value}\``;
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`;
  if (value === null) return 'null';
  return Array.isArray(value) ? 'sequence' : 'map';
}
