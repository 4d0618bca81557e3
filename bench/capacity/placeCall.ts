import { sleep } from '../../src/time/sleep.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import type { Rig } from './rig.ts';

/** Longest wait for an agent's first sample, ms. */
const FIRST_SAMPLE_MS = 8_000;

export interface Placed {
  /** From the request to our published track, and to the first audible sample at the caller, ms. */
  readonly publishedMs: number;
  readonly firstSampleMs: number | undefined;
}

/** One more caller in a room of their own, and the agent for it; undefined when no worker took the call. */
export async function placeCall({ supervisor, callers }: Rig, room: string): Promise<Placed | undefined> {
  const heard = firstSample(callers, room);
  callers.send({ type: 'join', room });
  await callers.next('joined');
  const requestedAt = Date.now();
  try {
    await supervisor.place({ room, source: 'cli', requestedAt }, AbortSignal.timeout(30_000));
  } catch {
    return undefined;
  }
  const publishedMs = Date.now() - requestedAt;
  const at = await Promise.race([heard, sleep(clock, FIRST_SAMPLE_MS)]);
  return { publishedMs, firstSampleMs: at === undefined ? undefined : at - requestedAt };
}

function firstSample(callers: Rig['callers'], room: string): Promise<number> {
  return new Promise((resolve) => {
    callers.onMessage = (message) => {
      if (message.type === 'firstSample' && message.room === room) resolve(message.at);
    };
  });
}
