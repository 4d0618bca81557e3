import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { isFinished, stamp, statusOf } from './batchStatus.ts';
import { checkCreate } from './checkCreate.ts';
import { readCreateRequest } from './createRequest.ts';
import { json } from './exchange.ts';
import { checkId } from './ids.ts';
import { linesPage, listPage } from './page.ts';
import { Refusal } from './refusal.ts';
import { resultsLines } from './resultLines.ts';
import { BASES, type Server } from './server.ts';
import type { StoredBatch } from './state.ts';
import { windowSeconds } from './windowSeconds.ts';
import { batchObject } from './wireObjects.ts';

const LISTED_STATUSES = ['in_progress', 'completed', 'failed', 'cancelled', 'expired'];

export function addBatchRoutes(server: Server): void {
  const { app, state, accounts, exchange, runner } = server;
  const accountOf = (c: Context) => accounts.ofBatchRequest(c.req.header('authorization'));

  const find = (c: Context): StoredBatch => {
    const account = accountOf(c);
    const id = checkId(c.req.param('id'), 'batch ID');
    const batch = state.batches.get(id);
    if (batch?.account !== account) throw Refusal.text(404, `Batch with ID ${id} not found`);
    return batch;
  };

  const read = (batch: StoredBatch, listed: boolean) => {
    stamp(batch, state.seconds());
    return json(batchObject(batch, state.seconds(), listed));
  };

  const create = exchange('batches.create', async (c) => {
    const account = accountOf(c);
    const request = readCreateRequest(await c.req.text());
    const file = checkCreate(server, request, account);
    const createdAt = state.seconds();
    const batch: StoredBatch = {
      id: randomUUID(),
      account,
      endpoint: request.endpoint,
      inputFileId: file.id,
      window: request.window,
      outputFileId: randomUUID(),
      errorFileId: randomUUID(),
      createdAt,
      expiresAt: createdAt + windowSeconds(request.window),
      metadata: request.metadata,
      items: file.lines.map((line) => ({ id: randomUUID(), line, state: { is: 'pending' }, stop: () => {} })),
      populated: false,
    };
    state.batches.set(batch.id, batch);
    runner.start(batch);
    return json(batchObject(batch, createdAt, false), 201);
  });

  const list = exchange('batches.list', (c) => {
    const account = accountOf(c);
    const status = c.req.query('status');
    if (status !== undefined && !LISTED_STATUSES.includes(status)) {
      throw Refusal.text(400, `Invalid status '${status}'. Allowed values: ${LISTED_STATUSES.join(', ')}`);
    }
    const window = c.req.query('completion_window');
    const createdAfter = Number(c.req.query('created_after') ?? 0);
    const mine = [...state.batches.values()]
      .filter((batch) => batch.account === account && batch.createdAt >= createdAfter)
      .filter((batch) => status === undefined || statusOf(batch) === status)
      .filter((batch) => window === undefined || batch.window === window)
      .filter((batch) => matches(server, batch, c.req.query('search') ?? ''))
      .reverse();
    if (c.req.query('active_first') === 'true') {
      mine.sort((a, b) => Number(isFinished(a)) - Number(isFinished(b)));
    }
    return json(
      listPage(
        mine.map((batch) => batchObject(batch, state.seconds(), true)),
        c,
      ),
    );
  });

  for (const base of BASES) {
    app.post(`${base}/batches`, create);
    app.get(`${base}/batches`, list);
    app.get(
      `${base}/batches/:id`,
      exchange('batches.retrieve', (c) => read(find(c), true)),
    );
    app.delete(
      `${base}/batches/:id`,
      exchange('batches.delete', (c) => {
        const batch = find(c);
        runner.cancel(batch);
        state.batches.delete(batch.id);
        return new Response(null, { status: 204 });
      }),
    );
    app.post(
      `${base}/batches/:id/cancel`,
      exchange('batches.cancel', (c) => {
        const batch = find(c);
        runner.cancel(batch);
        return read(batch, false);
      }),
    );
    app.post(
      `${base}/batches/:id/retry`,
      exchange('batches.retry', (c) => {
        const batch = find(c);
        runner.retry(batch);
        return read(batch, false);
      }),
    );
    app.get(
      `${base}/batches/:id/results`,
      exchange('batches.results', (c) => {
        const batch = find(c);
        return linesPage(resultsLines(batch), !isFinished(batch), c);
      }),
    );
    app.get(
      `${base}/batches/:id/analytics`,
      exchange('batches.analytics', (c) => {
        find(c);
        // The vendor fills these in later, from its billing records; a new batch has none.
        return json({
          total_requests: 0,
          total_prompt_tokens: 0,
          total_completion_tokens: 0,
          total_tokens: 0,
        });
      }),
    );
  }
}

/** `search` looks at metadata, the input file's name and the id. */
function matches(server: Server, batch: StoredBatch, search: string): boolean {
  const name = server.state.files.get(batch.inputFileId)?.name ?? '';
  return [batch.id, name, ...Object.entries(batch.metadata).flat()].some((text) => text.includes(search));
}
