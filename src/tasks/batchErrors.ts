import { isRecord } from './isRecord.ts';

const MAX_DETAIL = 160;

/** Why a request failed, as one plain sentence, from an error file; undefined when the file tells nothing. */
export function readBatchErrors(jsonl: string): string | undefined {
  for (const text of jsonl.split('\n')) {
    const line = parse(text);
    const error = isRecord(line) ? line.error : undefined;
    if (isRecord(error) && typeof error.message === 'string') return sentence(error.message);
  }
  return undefined;
}

/** The message is usually JSON in a string: `{type, details}`, where details depend on the type. */
function sentence(message: string): string {
  const parsed = parse(message);
  if (!isRecord(parsed)) return `The batch service reported an error${detail(message)}.`;
  const details = isRecord(parsed.details) ? parsed.details : {};
  switch (parsed.type) {
    case 'NonRetriableHttpStatus':
      return `The model's server refused the request with status ${String(details.status)}${detail(upstreamText(details.body))}.`;
    case 'RetriableHttpStatus':
      return `The model's server kept failing with status ${String(details.status)}${detail(upstreamText(details.body))}.`;
    case 'NetworkError':
      return "The batch service lost its connection to the model's server.";
    case 'Timeout':
      return "The model's server did not answer in time.";
    case 'TaskTerminated':
    case 'BatchTerminated':
      return 'The batch service stopped the task.';
    case 'RequestBuilderError':
      return 'The batch service could not build the request.';
    default:
      return 'The batch service reported an unknown error.';
  }
}

function upstreamText(body: unknown): string {
  if (typeof body !== 'string') return '';
  const parsed = parse(body);
  const error = isRecord(parsed) ? parsed.error : undefined;
  if (isRecord(error) && typeof error.message === 'string') return error.message;
  return isRecord(parsed) || body.trimStart().startsWith('<') ? '' : body;
}

function detail(text: string): string {
  const clean = text
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_DETAIL)
    .replace(/[.\s]+$/, '');
  return clean && `: ${clean}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
