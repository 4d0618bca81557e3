import { agentIdentity } from '../../src/app/venue.ts';
import type { LiveKitConfig } from '../../src/config/config.ts';
import type { CallJob } from '../../src/dispatch/callJob.ts';
import type { CallEnd, CallPlacement, PlacedCall } from '../../src/dispatch/callPlacement.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';

const PATIENCE_MS = 20_000;

/** Calls that join and publish as a real one does, and then only wait for the caller to leave: no vendors. */
export class BareCalls implements CallPlacement {
  readonly capacity = 30;
  readonly #livekit: LiveKitConfig;
  /** When our track was published, by room; ms since 1970. */
  readonly #publishedAt = new Map<string, number>();

  constructor(livekit: LiveKitConfig) {
    this.#livekit = livekit;
  }

  /** When our track was published in a room, once it is: a caller may meet us before. ms since 1970 */
  async published(room: string): Promise<number> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      const at = this.#publishedAt.get(room);
      if (at !== undefined) return at;
      if (performance.now() > giveUpAt)
        throw new Error(`no track was published in ${room} within ${PATIENCE_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async place(job: CallJob, signal: AbortSignal): Promise<PlacedCall> {
    const { url, token } = job.join ?? (await this.#join(job));
    const room = await joinLiveKitRoom({ url, token, roomName: job.room, log: silentLogger, signal });
    this.#publishedAt.set(job.room, performance.timeOrigin + performance.now());
    let finish: (end: CallEnd) => void = () => {};
    const ended = new Promise<CallEnd>((resolve) => {
      finish = resolve;
    });
    let leaving = false;
    const end = async (how: CallEnd) => {
      if (leaving) return;
      leaving = true;
      await room.leave();
      finish(how);
    };
    room.on('participantLeft', () => void end({ why: 'alone' }));
    return {
      ended,
      hangUp: async () => {
        await end({ why: 'hungUp' });
        await ended;
      },
    };
  }

  async #join(job: CallJob): Promise<{ url: string; token: string }> {
    const identity = agentIdentity(job.roomSid);
    const token = await createToken({ ...this.#livekit, room: job.room, identity, kind: 'agent' });
    return { url: this.#livekit.url, token };
  }
}
