import type { Context } from 'hono';
import type { ResultLine } from './resultLines.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 101;

/** One page of a list, newest first. An `after` that is not there is ignored and gives the first page. */
export function listPage(objects: readonly Record<string, unknown>[], c: Context): Record<string, unknown> {
  const limit = numberOf(c.req.query('limit')) ?? DEFAULT_LIMIT;
  const after = c.req.query('after');
  const from = after === undefined ? 0 : objects.findIndex((object) => object.id === after) + 1;
  const data = objects.slice(from, from + Math.min(limit, MAX_LIMIT));
  const ids = data.length === 0 ? {} : { first_id: data[0]?.id, last_id: data.at(-1)?.id };
  return { object: 'list', data, ...ids, has_more: from + data.length < objects.length };
}

/** Lines as `application/x-ndjson`. `limit` turns paging on and `X-Incomplete` into "more pages". */
export function linesPage(lines: readonly ResultLine[], running: boolean, c: Context): Response {
  const search = c.req.query('search') ?? '';
  const skip = numberOf(c.req.query('skip')) ?? 0;
  const limit = numberOf(c.req.query('limit'));
  const found = lines.filter((line) => line.customId.includes(search));
  const sent = found.slice(skip, limit === undefined ? undefined : skip + Math.min(limit, MAX_LIMIT));
  const last = skip + sent.length;
  const incomplete = limit === undefined ? running : last < found.length;
  return new Response(sent.map((line) => `${line.text}\n`).join(''), {
    headers: {
      'content-type': 'application/x-ndjson',
      'x-incomplete': String(incomplete),
      'x-last-line': String(last),
    },
  });
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
