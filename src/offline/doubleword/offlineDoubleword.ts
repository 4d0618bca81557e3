import { Hono } from 'hono';
import type { Clock } from '../../time/clock.ts';
import { systemClock } from '../../time/systemClock.ts';
import type { OfflineVendor } from '../vendor.ts';
import { createAccounts } from './accounts.ts';
import { addBatchRoutes } from './batchRoutes.ts';
import { createBatchRunner, type Turnaround } from './batchRunner.ts';
import { createControl, type OfflineDoublewordControl } from './control.ts';
import { createDocumentUpstream } from './documentUpstream.ts';
import { createExchange, type LoggedRequest } from './exchange.ts';
import { createFaultQueue } from './faults.ts';
import { addFileRoutes } from './fileRoutes.ts';
import { addInferenceRoutes } from './inferenceRoutes.ts';
import { DEFAULT_MODELS } from './models.ts';
import type { Server } from './server.ts';
import { type Account, createState, type OfflineModel } from './state.ts';
import type { Upstream, UpstreamAnswer } from './upstream.ts';

export interface OfflineDoublewordOptions {
  /** Default 8000 ms after the requests exist. */
  readonly turnaround?: Turnaround;
  /** Models that the server knows; default: those of the vendor's catalogue. */
  readonly models?: readonly OfflineModel[];
  /** Default `24h` and `1h`, in the order in which refusals name them. */
  readonly allowedWindows?: readonly string[];
  /** Milliseconds before every answer; default 0. */
  readonly latencyMs?: number;
  /** Milliseconds from a create until its requests exist (`validating`); default 120. */
  readonly populateMs?: number;
  /** Accounts by key; keys that are not here share one, keys that begin with `invalid` are refused. */
  readonly accounts?: Readonly<Record<string, Partial<Account>>>;
  /** The model; default: writes documents. */
  readonly upstream?: Upstream;
  readonly clock?: Clock;
  /** Epoch milliseconds at creation; default now. */
  readonly startedAt?: number;
  /** Default 100 MB and 50,000. */
  readonly limits?: { readonly fileBytes: number; readonly fileRequests: number };
}

/** A stand-in for Doubleword's files and batches on their wire protocol (control-layer v10.13.1). */
export function createOfflineDoubleword(
  options: OfflineDoublewordOptions = {},
): OfflineVendor & { readonly control: OfflineDoublewordControl } {
  const state = createState(options.clock ?? systemClock, options.startedAt ?? Date.now());
  const faults = createFaultQueue();
  const requests: LoggedRequest[] = [];
  const nextAnswers: UpstreamAnswer[] = [];
  const model = options.upstream ?? createDocumentUpstream(state.seconds);
  const upstream: Upstream = (body, attempt) => nextAnswers.shift() ?? model(body, attempt);
  const runner = createBatchRunner(state, {
    turnaround: options.turnaround ?? { ms: 8000 },
    upstream,
    populateMs: options.populateMs ?? 120,
  });
  const server: Server = {
    app: new Hono(),
    state,
    accounts: createAccounts(options.accounts ?? {}),
    exchange: createExchange(state, faults, options.latencyMs ?? 0, (request) => requests.push(request)),
    runner,
    upstream,
    models: options.models ?? DEFAULT_MODELS,
    windows: options.allowedWindows ?? ['24h', '1h'],
    limits: options.limits ?? { fileBytes: 100_000_000, fileRequests: 50_000 },
  };
  addFileRoutes(server);
  addBatchRoutes(server);
  addInferenceRoutes(server);
  return {
    app: server.app,
    control: createControl(state, runner, faults, requests, nextAnswers),
    async close() {
      runner.close();
    },
  };
}
