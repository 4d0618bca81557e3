import type { Context, Handler } from 'hono';
import { sleep } from '../../time/sleep.ts';
import { type FaultQueue, faultResponse, type Operation } from './faults.ts';
import { Refusal } from './refusal.ts';
import { isRecord } from './requestLines.ts';
import type { State } from './state.ts';

/** One request as it came in. */
export interface LoggedRequest {
  readonly operation: Operation;
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly status: number | 'reset';
}

/** Wraps a route with what every route has: latency, queued faults, refusals as answers, and the log. */
export type Exchange = (
  operation: Operation,
  handle: (c: Context) => Promise<Response> | Response,
) => Handler;

export function createExchange(
  state: State,
  faults: FaultQueue,
  latencyMs: number,
  log: (request: LoggedRequest) => void,
): Exchange {
  const wait = (ms: number) => (ms > 0 ? sleep(state.clock, ms) : Promise.resolve());

  return (operation, handle) => async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const noted = (status: number | 'reset') =>
      log({ operation, method: c.req.method, path: pathname + search, status });
    const answer = async () => {
      try {
        return await handle(c);
      } catch (error) {
        if (error instanceof Refusal) return error.response();
        throw error;
      }
    };
    const fault = faults.take(operation);
    await wait(latencyMs);
    if (fault?.kind === 'slow' && !fault.afterDoing) await wait(fault.ms);
    if (!fault || fault.kind === 'slow') {
      const response = await answer();
      if (fault?.afterDoing) await wait(fault.ms);
      noted(response.status);
      return response;
    }
    if ('afterDoing' in fault && fault.afterDoing) await answer();
    if (fault.kind === 'reset') {
      noted('reset');
      dropConnection(c);
      return new Response(null, { status: 500 });
    }
    const response = faultResponse(fault);
    noted(response.status);
    return response;
  };
}

/** Cuts the TCP connection, where there is one (not when a test calls the app directly). */
function dropConnection(c: Context): void {
  const env: unknown = c.env;
  if (!isRecord(env) || !isRecord(env.incoming)) return;
  const { socket } = env.incoming;
  if (isRecord(socket) && typeof socket.resetAndDestroy === 'function') socket.resetAndDestroy();
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}
