import type { BatchResult } from './batchApi.ts';
import { isRecord } from './isRecord.ts';

const LENGTH_NOTE = '(The text ends here because it reached its length limit.)';
const DAMAGED = failed('The batch service returned a damaged result.');

/**
 * Finds the answer to `taskId` in an output file (JSONL, in order of completion). Undefined when the file has
 * no answer at all, so that the error file must tell why.
 */
export function readBatchOutput(jsonl: string, taskId: string | undefined): BatchResult | undefined {
  const texts = jsonl.split('\n').filter((line) => line.trim() !== '');
  const lines = texts.map(parse).filter(isRecord);
  // A file of one line is ours whatever its name: jobs of other programs carry names of their own.
  const line =
    lines.find((candidate) => taskId === undefined || candidate.custom_id === taskId) ??
    (texts.length === 1 ? lines[0] : undefined);
  if (line) return readLine(line);
  return lines.length < texts.length ? DAMAGED : undefined;
}

function readLine(line: Record<string, unknown>): BatchResult | undefined {
  const { response } = line;
  if (!isRecord(response)) return isRecord(line.error) ? undefined : DAMAGED;
  const body = unwrap(response.body);
  if (typeof response.status_code === 'number' && response.status_code >= 400) {
    return failed(`The batch service's model answered with error ${response.status_code}.`);
  }
  if (typeof body === 'string') return textResult(body);
  if (!isRecord(body) || !Array.isArray(body.choices)) return DAMAGED;
  const choice: unknown = body.choices[0];
  const message = isRecord(choice) ? choice.message : undefined;
  if (!isRecord(choice) || !isRecord(message)) return DAMAGED;
  return readMessage(message, choice.finish_reason === 'length');
}

function readMessage(message: Record<string, unknown>, cut: boolean): BatchResult {
  const text = withoutThoughts(contentText(message.content)).trim();
  if (text) return { ok: true, text: cut ? `${text}\n\n${LENGTH_NOTE}` : text };
  if (typeof message.refusal === 'string' && message.refusal) return failed('The model declined the task.');
  if (cut) return failed('The model reached its length limit before it wrote an answer.');
  const reasoned = [message.reasoning, message.reasoning_content, message.content].some(isText);
  return failed(
    reasoned ? 'The model thought about it but wrote no answer.' : 'The model returned an empty answer.',
  );
}

/** An upstream that did not speak JSON: a plain text may be the answer, a web page never is. */
function textResult(body: string): BatchResult {
  const text = body.trim();
  if (!text) return failed('The model returned an empty answer.');
  return text.startsWith('<') ? DAMAGED : { ok: true, text };
}

/** A body may be JSON inside a string. */
function unwrap(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  const inner = parse(body);
  return isRecord(inner) ? inner : body;
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isRecord)
    .map((part) => (typeof part.text === 'string' ? part.text : ''))
    .join('');
}

/** Some models write their reasoning into the content, before the answer. */
function withoutThoughts(content: string): string {
  return content.replace(/^\s*<think>[\s\S]*?(?:<\/think>|$)/, '');
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failed(reason: string): BatchResult {
  return { ok: false, reason };
}
