import type { Redactor } from './redactor.ts';

const SECRET_NAME = /(api[-_]?key|secret|authorization|password|cookie|token)$/i;
const DEEPEST = 6;

/** A copy fit for a log: plain data only, errors as their message, code and causes, nothing secret in any of it. */
export function redactFields(fields: object, redact: Redactor): Record<string, unknown> {
  return copyObject(fields, redact, 0, new Set());
}

function copy(value: unknown, redact: Redactor, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= DEEPEST) return '[too deep]';
  const within = new Set(above).add(value);
  if (value instanceof Error) return copyError(value, redact, depth, within);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return redact(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return copyObject(Object.fromEntries(value), redact, depth, within);
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value, (item) => copy(item, redact, depth + 1, within));
  }
  return copyObject(value, redact, depth, within);
}

function copyObject(
  source: object,
  redact: Redactor,
  depth: number,
  above: ReadonlySet<object>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(source)) {
    const value = read(source, name);
    result[redact(name)] =
      typeof value === 'string' && SECRET_NAME.test(name)
        ? '[redacted]'
        : copy(value, redact, depth + 1, above);
  }
  return result;
}

function copyError(error: Error, redact: Redactor, depth: number, above: ReadonlySet<object>): unknown {
  const code = read(error, 'code');
  const status = read(error, 'status');
  return {
    type: error.name,
    message: redact(error.message),
    ...(code === undefined ? {} : { code: copy(code, redact, depth + 1, above) }),
    ...(status === undefined ? {} : { status: copy(status, redact, depth + 1, above) }),
    ...(error.stack === undefined ? {} : { stack: redact(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, redact, depth + 1, above) }),
    ...(error instanceof AggregateError ? { errors: copy(error.errors, redact, depth + 1, above) } : {}),
  };
}

/** A getter that throws must not take the log line with it. */
function read(source: object, name: string): unknown {
  try {
    return Reflect.get(source, name);
  } catch {
    return '[unreadable]';
  }
}
