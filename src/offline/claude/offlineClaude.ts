import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Clock } from '../../time/clock.ts';
import { sleep } from '../../time/sleep.ts';
import { systemClock } from '../../time/systemClock.ts';
import type { OfflineVendor } from '../vendor.ts';
import { ApiError, errorBody, errorTypeOf } from './apiError.ts';
import { type AuthScheme, checkHeaders } from './checkHeaders.ts';
import { composeMessage } from './composeMessage.ts';
import { type Fault, Lineup } from './faults.ts';
import { modelRoutes } from './modelRoutes.ts';
import { parseRequest } from './parseRequest.ts';
import type { PlannedReply } from './plannedReply.ts';
import { planReply } from './replier/planReply.ts';
import { RequestRecord } from './requestRecord.ts';
import { type Latency, sseBody } from './sseBody.ts';
import { messageBody, streamEvents } from './streamEvents.ts';
import type { MessagesRequest } from './wire.ts';

export interface OfflineClaudeOptions {
  /** Default 0 and 0. */
  readonly latency?: Partial<Latency>;
  readonly clock?: Clock;
  /** Thinks in place of the rule-driven replier. */
  readonly replier?: (request: MessagesRequest) => PlannedReply;
}

export interface OfflineClaude extends OfflineVendor {
  /** Every `POST /v1/messages` so far, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Lets the next request, or the next few, fail; faults are used up in the order given. */
  failNext(fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Answers the coming requests with these replies before the replier is asked again. */
  script(...replies: readonly PlannedReply[]): void;
  setLatency(latency: Partial<Latency>): void;
}

/** A stand-in for the Claude API, on its wire protocol, with its rules and its errors. */
export function createOfflineClaude(options: OfflineClaudeOptions = {}): OfflineClaude {
  const { clock = systemClock, replier = planReply } = options;
  let latency: Latency = { firstTokenMs: 0, perTokenMs: 0, ...options.latency };
  const requests: RequestRecord[] = [];
  const lineup = new Lineup();
  const closing = new AbortController();
  const app = new Hono();

  app.onError((error) => {
    if (error instanceof ApiError) return errorResponse(error.status, error.type, error.message);
    return errorResponse(500, 'api_error', 'Internal server error');
  });
  modelRoutes(app);

  app.post('/v1/messages', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const record = new RequestRecord(body, authOf(c), clock.now());
    requests.push(record);
    try {
      checkHeaders(c.req.raw.headers);
      const fault = lineup.takeFault();
      if (fault?.kind === 'status') {
        const { status, message = 'An injected error.', headers = {} } = fault;
        record.finish('failed');
        return errorResponse(status, errorTypeOf(status), message, headers);
      }
      if (fault?.kind === 'reset') {
        record.finish('failed');
        resetConnection(c);
        return c.body(null);
      }
      if (fault?.kind === 'noAnswer') {
        await aborted(c.req.raw.signal, closing.signal);
        record.finish('aborted');
        return c.body(null);
      }
      const request = parseRequest(body);
      return answer(c, request, record, fault);
    } catch (error) {
      record.finish('failed');
      throw error;
    }
  });

  async function answer(
    c: Context,
    request: MessagesRequest,
    record: RequestRecord,
    fault: Fault | undefined,
  ) {
    const plan = lineup.takeReply() ?? replier(request);
    const message = composeMessage(request, plan, fault);
    const requestId = newRequestId();
    c.header('request-id', requestId);
    if (!request.stream) {
      await sleep(clock, latency.firstTokenMs + latency.perTokenMs * message.outputTokens, c.req.raw.signal);
      record.finish('sent');
      return c.json(messageBody(message));
    }
    c.header('content-type', 'text/event-stream; charset=utf-8');
    c.header('cache-control', 'no-cache');
    const events = streamEvents(message, requests.length);
    const reset = () => resetConnection(c);
    return c.body(sseBody({ events, latency, clock, record, fault, requestId, reset }));
  }

  return {
    app,
    requests,
    failNext: (fault, times) => lineup.failNext(fault, times),
    clearFaults: () => lineup.clearFaults(),
    script: (...replies) => lineup.script(...replies),
    setLatency(change) {
      latency = { ...latency, ...change };
    },
    async close() {
      closing.abort();
    },
  };
}

function errorResponse(
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const requestId = newRequestId();
  return new Response(JSON.stringify(errorBody(type, message, requestId)), {
    status,
    headers: { 'content-type': 'application/json', 'request-id': requestId, ...headers },
  });
}

function authOf(c: Context): AuthScheme | 'none' {
  if (c.req.header('authorization')) return 'bearer';
  return c.req.header('x-api-key') ? 'x-api-key' : 'none';
}

/** Behind the Node server there is a socket; without one there is nothing to reset. */
function resetConnection(c: Context): void {
  const { incoming } = c.env as Partial<HttpBindings>;
  incoming?.socket.destroy();
}

function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const any = AbortSignal.any([...signals]);
    if (any.aborted) resolve();
    else any.addEventListener('abort', () => resolve(), { once: true });
  });
}

function newRequestId(): string {
  return `req_01${randomUUID().replaceAll('-', '').slice(0, 22)}`;
}
