import { availableParallelism, cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { liveKitVenue, localVenue, type Venue } from '../../src/app/venue.ts';
import { fixture } from '../../src/caller/fixture.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { startLiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { createLatencyRig, type LatencyRig } from './latencyRig.ts';
import { measureInterruptions } from './measureInterruptions.ts';
import { measureResponses } from './measureResponses.ts';
import { interruptionReport, responseReport } from './report.ts';
import { INTERRUPTIONS, QUESTIONS } from './script.ts';

export interface LatencyOptions {
  readonly turns: number;
  readonly room: 'local' | 'livekit' | 'both';
}

const RESPONSE_AIM = { of: 'p50', ms: 60 } as const;
const INTERRUPTION_AIM = { of: 'p95', ms: 100 } as const;

const ABOUT = `
Real audio through the whole agent, caller and agent on one clock. The vendors answer at once: their stand-ins speak the
real protocols on loopback, but words are recognised and sentences spoken from memory, prepared before, so that no model
computes on this processor meanwhile. The voice is cut free of silence: its first sample is audible, and so is the one
at which it is interrupted. A frame counts as heard from its arrival at the caller, in steps of 5 ms above -48 dBFS.
`;

const NO_SERVER =
  'The LiveKit room is left out: no livekit-server here. Run `npm run livekit` (needs Go), or set LIVEKIT_SERVER_BIN.';

/** Measures and prints; resolves with whether everything that was to be measured was. */
export async function latency({ turns, room }: LatencyOptions): Promise<boolean> {
  const clock = systemClock;
  const log = createLogger({ level: 'error', destination: process.stderr });
  print(ABOUT);
  print(`${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`);
  const rig = await createLatencyRig({ clock, log });
  let complete = true;
  try {
    if (room !== 'livekit') {
      complete = (await measure(rig, localVenue({ clock, log }), turns, 'local')) && complete;
    }
    if (room !== 'local') {
      const bin = await findLiveKitServer(readEnvironment());
      if (bin === undefined) {
        print(NO_SERVER);
        complete = false;
      } else {
        const server = await startLiveKitServer({ bin, log });
        try {
          complete = (await measure(rig, liveKitVenue(server, { clock, log }), turns, 'livekit')) && complete;
        } finally {
          await server.stop();
        }
      }
    }
  } finally {
    await rig.close();
    await disposeRtc();
  }
  return complete;
}

async function measure(
  rig: LatencyRig,
  venue: Venue,
  turns: number,
  room: 'local' | 'livekit',
): Promise<boolean> {
  print(`\n${venue.description}`);
  const machine = watchMachine();
  const asking = await rig.call(venue, 'bench-responses');
  const questions = await Promise.all(QUESTIONS.map(fixture));
  const responses = await measureResponses(asking, questions, turns).finally(() => asking.hangUp());
  print(responseReport(responses, turns, room === 'local' ? RESPONSE_AIM : undefined));
  if (room === 'livekit') {
    print(
      '  The last stage is WebRTC: Opus, the server, the jitter buffer, and the resampling to what is heard.',
    );
  }
  const interrupting = await rig.call(venue, 'bench-interruptions');
  const speech = await Promise.all(INTERRUPTIONS.map(fixture));
  const interruptions = await measureInterruptions(interrupting, speech, turns).finally(() =>
    interrupting.hangUp(),
  );
  print(interruptionReport(interruptions, turns, room === 'livekit' ? INTERRUPTION_AIM : undefined));
  print(machine());
  return responses.failures.length === 0 && interruptions.failures.length === 0;
}

/** What else kept the machine busy: says so when it is called. */
function watchMachine(): () => string {
  const before = load();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  return () => {
    delay.disable();
    const after = load();
    const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(1);
    const busy = Math.max(before, after) > availableParallelism();
    return (
      `  load average ${before.toFixed(2)} → ${after.toFixed(2)}; event loop late by p50 ` +
      `${ms(delay.percentile(50))}, p99 ${ms(delay.percentile(99))}, max ${ms(delay.max)} ms` +
      (busy ? '\n  The machine was busy with more than it has cores for: a quiet one does better.' : '')
    );
  };
}

/** Programs that ran or wanted to, on average over a minute. */
function load(): number {
  return loadavg()[0] ?? 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
