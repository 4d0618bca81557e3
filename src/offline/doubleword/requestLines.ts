import { Refusal } from './refusal.ts';
import { parseSerdeJson, placeOf, SerdeError } from './serdeJson.ts';
import type { OfflineModel, RequestLine } from './state.ts';

export const ALLOWED_URLS = [
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/responses',
  '/v1/messages',
] as const;

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const MAX_CUSTOM_ID_BYTES = 64;

/** Reads an uploaded JSONL as the vendor does, at upload: the first bad line refuses the whole file. */
export function readRequestLines(text: string, models: readonly OfflineModel[]): RequestLine[] {
  const lines: RequestLine[] = [];
  text.split('\n').forEach((line, index) => {
    if (/^[ \t\r]*$/.test(line)) return;
    lines.push(readLine(line, index + 1, models));
  });
  if (lines.length === 0) throw Refusal.text(400, 'File contains no valid request templates');
  return lines;
}

function readLine(text: string, number: number, models: readonly OfflineModel[]): RequestLine {
  const bad = (reason: string, status = 400) => Refusal.text(status, `Line ${number}: ${reason}`);
  const fields = readFields(text, number);
  const bytes = Buffer.byteLength(fields.customId);
  if (bytes > MAX_CUSTOM_ID_BYTES) {
    throw bad(`custom_id exceeds maximum length of ${MAX_CUSTOM_ID_BYTES} characters (got ${bytes})`);
  }
  if (/\p{Cc}/u.test(fields.customId)) {
    throw bad('custom_id contains invalid characters: must be valid ASCII without control characters');
  }
  if (fields.method !== 'POST') {
    throw bad(`Unsupported HTTP method '${fields.method}'. Only POST is currently supported.`);
  }
  if (!ALLOWED_URLS.some((url) => url === fields.url)) {
    throw bad(`Unsupported URL path '${fields.url}'. Allowed paths are: ${ALLOWED_URLS.join(', ')}`);
  }
  const { model: modelId, priority: _dropped, ...rest } = fields.body;
  if (typeof modelId !== 'string') throw bad("Missing 'model' field in request body");
  const model = models.find((candidate) => candidate.id === modelId);
  if (!model) throw bad(`Model '${modelId}' has not been configured or is not available to user`, 403);
  const type = model.type ?? 'CHAT';
  const wanted = fields.url === '/v1/embeddings' ? 'EMBEDDINGS' : 'CHAT';
  if (type !== wanted) {
    throw bad(
      `Model '${modelId}' is a ${type} model but endpoint '${fields.url}' requires a ${wanted} model`,
    );
  }
  const effort = rest.reasoning_effort;
  if (effort !== undefined && !EFFORTS.some((known) => known === effort)) {
    throw bad(
      `Invalid value '${String(effort)}' for 'reasoning_effort'. Expected one of: ${EFFORTS.join(', ')}.`,
    );
  }
  return { customId: fields.customId, url: fields.url, model: modelId, body: { model: modelId, ...rest } };
}

function readFields(text: string, number: number) {
  const bad = (reason: string) => Refusal.text(400, `Invalid JSON on line ${number}: ${reason}`);
  let value: unknown;
  try {
    value = parseSerdeJson(text).value;
  } catch (error) {
    throw error instanceof SerdeError ? bad(error.message) : error;
  }
  const object = isRecord(value) ? value : {};
  const place = placeOf(text, text.length);
  const field = (name: string): string => {
    const found = object[name];
    if (found === undefined) throw bad(`missing field \`${name}\` ${place}`);
    if (typeof found !== 'string') throw bad(`invalid type, expected a string ${place}`);
    return found;
  };
  const customId = field('custom_id');
  const method = field('method');
  const url = field('url');
  if (object.body === undefined) throw bad(`missing field \`body\` ${place}`);
  return { customId, method, url, body: isRecord(object.body) ? object.body : {} };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
