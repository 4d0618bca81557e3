import type { Hono } from 'hono';
import type { Accounts } from './accounts.ts';
import type { BatchRunner } from './batchRunner.ts';
import type { Exchange } from './exchange.ts';
import type { OfflineModel, State } from './state.ts';
import type { Upstream } from './upstream.ts';

/** What the groups of routes share. */
export interface Server {
  readonly app: Hono;
  readonly state: State;
  readonly accounts: Accounts;
  readonly exchange: Exchange;
  readonly runner: BatchRunner;
  readonly upstream: Upstream;
  readonly models: readonly OfflineModel[];
  readonly windows: readonly string[];
  readonly limits: { readonly fileBytes: number; readonly fileRequests: number };
}

/** The hosted service's path and the server's own. */
export const BASES = ['/v1', '/ai/v1'] as const;
