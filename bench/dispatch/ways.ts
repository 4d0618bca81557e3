import { createAgentWorker } from '../../src/dispatch/agentWorker.ts';
import { createDispatcher } from '../../src/dispatch/dispatcher.ts';
import { openDispatchStore } from '../../src/dispatch/dispatchStore.ts';
import type { LiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { createRoomDirectory } from '../../src/room/roomDirectory.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import type { BareCalls } from './bareCalls.ts';
import type { Deliveries } from './deliveries.ts';

/** A way by which rooms reach us, ready to be measured. */
export interface Way {
  close(): Promise<void>;
}

export interface WayOptions {
  readonly server: LiveKitServer;
  readonly calls: BareCalls;
  readonly deliveries: Deliveries;
}

const everyRoom = { name: undefined, metadata: undefined };

/** Webhooks, and nothing that could make up for them. */
export async function webhooks({ server, calls, deliveries }: WayOptions, redisUrl?: string): Promise<Way> {
  const store = await openDispatchStore({ redisUrl, prefix: `bench-${Date.now()}`, clock, log });
  const dispatcher = createDispatcher({
    livekit: server,
    config: { rooms: everyRoom, reconcileMs: 3_600_000 },
    store,
    placement: calls,
    clock,
    log,
  });
  deliveries.forward(dispatcher.intake);
  dispatcher.start();
  return {
    async close() {
      deliveries.forward(undefined);
      await dispatcher.close();
      await store.close();
    },
  };
}

/** LiveKit's own agent dispatch. */
export async function agentDispatch({ server, calls }: WayOptions): Promise<Way> {
  const worker = createAgentWorker({
    livekit: server,
    agentName: '',
    displayName: 'Assistant',
    version: 'bench',
    rooms: everyRoom,
    placement: calls,
    directory: createRoomDirectory(server),
    clock,
    log,
  });
  worker.start();
  while (!worker.registered) await new Promise((resolve) => setTimeout(resolve, 20));
  // The first report of our load makes us eligible.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { close: () => worker.close() };
}
