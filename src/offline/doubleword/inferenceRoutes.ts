import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { sleep } from '../../time/sleep.ts';
import { json } from './exchange.ts';
import { Refusal } from './refusal.ts';
import { isRecord } from './requestLines.ts';
import { responseObject, type StoredResponse } from './responseObject.ts';
import { BASES, type Server } from './server.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** Real-time chat, and responses with `service_tier: "flex"`, in the background or holding the connection. */
export function addInferenceRoutes(server: Server): void {
  const { app, state, accounts, exchange } = server;
  const responses = new Map<string, StoredResponse>();

  const readBody = async (c: Context): Promise<Record<string, unknown>> => {
    accounts.ofRealTimeRequest(c.req.header('authorization'));
    const body: unknown = await c.req.json().catch(() => undefined);
    if (!isRecord(body)) throw badRequest('The request body is not a JSON object.');
    if (!server.models.some((model) => model.id === body.model)) {
      throw Refusal.json(404, {
        error: {
          message: `The model \`${String(body.model)}\` does not exist or you do not have access to it.`,
          type: 'invalid_request_error',
          param: null,
          code: 'model_not_found',
        },
      });
    }
    return body;
  };

  const ask = async (body: Record<string, unknown>): Promise<UpstreamAnswer> => {
    const answer = server.upstream(body, 1);
    if (answer.kind !== 'never' && answer.afterMs) await sleep(state.clock, answer.afterMs);
    return answer;
  };

  const run = async (stored: StoredResponse, body: Record<string, unknown>): Promise<void> => {
    const answer = await ask(body);
    if (answer.kind !== 'never') stored.outcome = { at: state.seconds(), answer };
  };

  const models = exchange('models', (c) => {
    accounts.ofModelsRequest(c.req.header('authorization'));
    const created = state.seconds();
    const data = server.models.map(({ id }) => ({ id, object: 'model', created, owned_by: 'None' }));
    return json({ object: 'list', data });
  });

  const chat = exchange('chat', async (c) => {
    const answer = await ask(await readBody(c));
    if (answer.kind !== 'answer') throw Refusal.unavailable('The model did not answer.');
    const id = `resp_${randomUUID()}`;
    return json(isRecord(answer.body) ? { ...answer.body, id } : answer.body, answer.status);
  });

  const respond = exchange('responses', async (c) => {
    const body = await readBody(c);
    const id = `resp_${randomUUID()}`;
    const stored: StoredResponse = { id, model: String(body.model), createdAt: state.seconds() };
    responses.set(id, stored);
    const running = run(stored, body);
    if (body.background === true) {
      void running;
      const { model } = body;
      const head = { background: true, id, model, object: 'response', output: [] };
      return json({ ...head, service_tier: body.service_tier ?? 'flex', status: 'queued' }, 202);
    }
    await running;
    return json(responseObject(stored));
  });

  const retrieve = exchange('responses', (c) => {
    accounts.ofRealTimeRequest(c.req.header('authorization'));
    const id = c.req.param('id') ?? '';
    const stored = responses.get(id);
    if (!stored) throw badRequest(`Response '${id}' not found`, 404);
    return json(responseObject(stored));
  });

  for (const base of BASES) {
    app.get(`${base}/models`, (c, next) =>
      // Other vendors' model lists have the same path; their clients send other headers.
      c.req.header('x-api-key') !== undefined || c.req.header('xi-api-key') !== undefined
        ? next()
        : models(c, next),
    );
    app.post(`${base}/chat/completions`, chat);
    app.post(`${base}/responses`, respond);
    app.get(`${base}/responses/:id`, retrieve);
  }
}

function badRequest(message: string, status = 400): Refusal {
  return Refusal.json(status, {
    error: { message, type: 'invalid_request_error', param: null, code: null },
  });
}
