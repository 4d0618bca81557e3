import type { DispatchConfig, LiveKitConfig } from '../config/config.ts';
import { createRoomDirectory, type RoomDirectory } from '../room/roomDirectory.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { Clock } from '../time/clock.ts';
import type { CallPlacement, PlacedCall } from './callPlacement.ts';
import type { DispatchObserver } from './dispatchObserver.ts';
import type { DispatchStore } from './dispatchStore.ts';
import { reconcile } from './reconciler.ts';
import { createRunJob } from './runJob.ts';
import { createWebhookIntake, type WebhookIntake } from './webhookIntake.ts';

/** Looks at the room list while no webhook has come, and once they come, ms. */
const WITHOUT_WEBHOOKS_MS = 2_000;
const WITH_WEBHOOKS_MS = 30_000;

export interface DispatcherOptions {
  readonly livekit: LiveKitConfig;
  readonly config: Pick<DispatchConfig, 'rooms' | 'reconcileMs'>;
  readonly store: DispatchStore;
  readonly placement: CallPlacement;
  readonly clock: Clock;
  readonly log: RoomLog;
  readonly observer?: DispatchObserver;
  /** Default: LiveKit's own. */
  readonly directory?: RoomDirectory;
}

/** Brings agents to rooms: from webhooks and looks at the room list, through the queue, to where calls run. */
export interface Dispatcher {
  readonly intake: WebhookIntake;
  start(): void;
  /** No new calls from now on; running ones go on. Idempotent. */
  drain(): Promise<void>;
  /** Resolves when no call of this dispatcher runs. */
  idle(): Promise<void>;
  /** Drains, ends the running calls, waits for them. The store stays open. */
  close(): Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { livekit, config, store, placement, clock, log, observer } = options;
  const directory = options.directory ?? createRoomDirectory(livekit);
  const pace = new Pace(config.reconcileMs);
  const parts = { rooms: config.rooms, queue: store.queue, memory: store.memory, directory, clock, log };
  const running = new Set<PlacedCall>();
  const stop = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  const intake = createWebhookIntake({ ...livekit, ...parts, ...(observer && { observer }) });
  const run = createRunJob({
    ...parts,
    placement,
    ...(observer && { observer }),
    onCall(call) {
      running.add(call);
      void call.ended.then(() => running.delete(call));
    },
  });
  const drain = async () => {
    stop.abort();
    await Promise.all([store.queue.drain(), looking]);
  };
  return {
    async intake(body, authorization) {
      const outcome = await intake(body, authorization);
      if (outcome !== 'forged' && outcome !== 'malformed') pace.webhookCame();
      return outcome;
    },
    start() {
      store.queue.start(run, placement.capacity);
      const onMissed = () => {
        pace.webhookMissed();
        observer?.missed?.();
      };
      looking = reconcile({ ...parts, intervalMs: () => pace.intervalMs, onMissed }, stop.signal);
    },
    drain,
    async idle() {
      while (running.size > 0) await Promise.all([...running].map(({ ended }) => ended));
    },
    async close() {
      await drain();
      await Promise.all([...running].map((call) => call.hangUp()));
    },
  };
}

/** How often the room list is looked at: often for as long as nothing else tells us of rooms. */
class Pace {
  readonly #fixedMs: number | undefined;
  #told = false;

  constructor(fixedMs: number | undefined) {
    this.#fixedMs = fixedMs;
  }

  get intervalMs(): number {
    return this.#fixedMs ?? (this.#told ? WITH_WEBHOOKS_MS : WITHOUT_WEBHOOKS_MS);
  }

  webhookCame(): void {
    this.#told = true;
  }

  webhookMissed(): void {
    this.#told = false;
  }
}
