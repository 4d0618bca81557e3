import { readFile } from 'node:fs/promises';
import { packageFile } from '../caller/packageFile.ts';
import type { LiveKitConfig } from '../config/config.ts';
import { isLoopback } from '../config/isLoopback.ts';
import { type AgentWorker, createAgentWorker } from '../dispatch/agentWorker.ts';
import { createDispatcher, type Dispatcher } from '../dispatch/dispatcher.ts';
import { type DispatchStore, openDispatchStore } from '../dispatch/dispatchStore.ts';
import { createRoomDirectory } from '../room/roomDirectory.ts';
import { type HttpServer, startHttpServer } from '../server/httpServer.ts';
import { createMetrics, type Metrics } from '../server/metrics.ts';
import { WEBHOOK_PATH } from '../server/webhookRoute.ts';
import type { Fleet } from './fleet.ts';
import type { AgentProcess } from './process.ts';

/**
 * How we hear of rooms. `webhook`: LiveKit tells our HTTP server, and looks at its room list make up for what was lost.
 * `watch`: those looks alone. `worker`: LiveKit's own agent dispatch, over a connection that we open.
 */
export type DispatchMode = 'webhook' | 'watch' | 'worker';

export interface AnswerOptions {
  readonly dispatch: DispatchMode;
  /** Port of the HTTP server, in place of the configured one. */
  readonly port?: number;
}

/** What brings agents to rooms, while it is open. */
export interface Answering {
  /** Not ready any more, and no new calls; running ones go on. Idempotent. */
  drain(): Promise<void>;
  /** Ends what still runs; resolves when the last call is over and nothing is left open. */
  close(): Promise<void>;
}

/**
 * Gives every room of the LiveKit server that wants one an agent, held by the fleet. Rejects with `VA_QUEUE` (no Redis)
 * or `VA_SERVER` (no port; with a LiveKit server on this machine, where nobody else needs it, that is only a warning).
 */
export async function answerRooms(
  running: AgentProcess,
  livekit: LiveKitConfig,
  fleet: Fleet,
  options: AnswerOptions = { dispatch: 'webhook' },
): Promise<Answering> {
  const { config, clock, log } = running;
  const store = await openDispatchStore({ redisUrl: config.dispatch.redisUrl, clock, log });
  const metrics = createMetrics({ places: () => fleet.places(), workers: () => fleet.workers() });
  const source = await openSource(running, livekit, fleet, options, store, metrics);
  const readiness = new Readiness(fleet, store, source);
  const http = await openHttp(running, livekit, options, source, readiness, metrics).catch(
    async (error: unknown) => {
      await store.close();
      throw error;
    },
  );
  if (http && options.dispatch === 'webhook') {
    log.info(
      `webhooks are taken at ${http.origin}${WEBHOOK_PATH}: LiveKit's settings want its public address`,
    );
  }
  source.start();
  return {
    drain() {
      readiness.draining = true;
      return source.drain();
    },
    async close() {
      readiness.draining = true;
      await source.close();
      await store.close();
      await http?.close();
    },
  };
}

type Source = Dispatcher | AgentWorker;

async function openSource(
  { config, clock, log }: AgentProcess,
  livekit: LiveKitConfig,
  { placement }: Fleet,
  { dispatch }: AnswerOptions,
  store: DispatchStore,
  { dispatch: observer }: Metrics,
): Promise<Source> {
  const shared = { livekit, placement, clock, log, observer };
  if (dispatch !== 'worker') return createDispatcher({ ...shared, config: config.dispatch, store });
  return createAgentWorker({
    ...shared,
    rooms: config.dispatch.rooms,
    agentName: config.dispatch.agentName,
    displayName: config.agent.name,
    directory: createRoomDirectory(livekit),
    version: await ownVersion(),
  });
}

async function openHttp(
  { config, clock, log }: AgentProcess,
  livekit: LiveKitConfig,
  { dispatch, port }: AnswerOptions,
  source: Source,
  readiness: Readiness,
  metrics: Metrics,
): Promise<HttpServer | undefined> {
  const local = isLoopback(livekit.url);
  try {
    return await startHttpServer({
      host: config.dispatch.http.host ?? (local ? '127.0.0.1' : '0.0.0.0'),
      port: port ?? config.dispatch.http.port,
      ...(dispatch === 'webhook' && 'intake' in source ? { intake: source.intake } : {}),
      notReady: () => readiness.reasons(),
      metrics,
      clock,
    });
  } catch (error) {
    if (!local || port !== undefined) throw error;
    log.warn(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Whether a load balancer may send us webhooks. A full server may get them: others on its Redis take the calls. */
class Readiness {
  readonly #fleet: Fleet;
  readonly #store: DispatchStore;
  readonly #source: Source;
  #started = false;
  draining = false;

  constructor(fleet: Fleet, store: DispatchStore, source: Source) {
    this.#fleet = fleet;
    this.#store = store;
    this.#source = source;
  }

  reasons(): readonly string[] {
    this.#started ||= this.#fleet.isReady();
    const trouble = this.#store.trouble();
    return [
      ...(this.draining ? ['draining'] : []),
      ...(this.#started ? [] : ['no worker is ready yet']),
      ...(trouble === undefined ? [] : [trouble]),
      ...('registered' in this.#source && !this.#source.registered
        ? ["not registered at LiveKit's agent dispatch"]
        : []),
    ];
  }
}

async function ownVersion(): Promise<string> {
  const { version }: { version?: unknown } = JSON.parse(await readFile(packageFile('package.json'), 'utf8'));
  return String(version);
}
