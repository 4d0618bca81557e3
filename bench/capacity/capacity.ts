import { availableParallelism, cpus } from 'node:os';
import { readEnvironment } from '../../src/config/environment.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { measureStep } from './measureStep.ts';
import { type CapacityStep, capacityReport, shortfall } from './report.ts';
import { AGENT_CORE, OTHER_CORE, openRig } from './rig.ts';

export interface CapacityOptions {
  /** Numbers of calls at the same time, rising. */
  readonly calls: readonly number[];
  /** Time over which each number is measured, s. */
  readonly seconds: number;
  /** Folder for a CPU profile of the agent's process. */
  readonly profile?: string;
}

/** A call is measured once its greeting is over, ms. */
const SETTLE_MS = 7_000;
/** A worker without calls is measured once its models are loaded, ms, for so long, s. */
const IDLE_SETTLE_MS = 8_000;
const IDLE_SECONDS = 5;

const ABOUT = `
One call worker (the process that \`start\` runs, compiled, all of the agent: WebRTC, voice activity, the local recogniser,
the conversation) on core ${AGENT_CORE}; a real livekit-server, the callers and the vendors' stand-ins share core ${OTHER_CORE}. The vendors hear
and speak from memory: their computing is not in the agent's figures. Every caller has a room, and asks every 18 s; the voice
makes no pauses, so that silence inside it is a hole. Where the callers' own loop is late, their frames are seen late.
`;

export const NO_SERVER =
  'No livekit-server here: run `npm run livekit` (needs Go), or set LIVEKIT_SERVER_BIN.';

/** `npm run bench -- capacity`; resolves with whether at every step all calls were taken and all questions answered. */
export async function capacity(options: CapacityOptions): Promise<boolean> {
  const bin = await findLiveKitServer(readEnvironment());
  if (bin === undefined) {
    print(NO_SERVER);
    return false;
  }
  print(ABOUT);
  print(`${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`);
  const { profile } = options;
  const rig = await openRig({ bin, workers: 1, ...(profile === undefined ? {} : { profile }) });
  try {
    if (!rig.pin())
      print('Processes could not be bound to cores (no taskset): the figures are of no one core.');
    const steps: CapacityStep[] = [
      await measureStep(rig, 0, { settleMs: IDLE_SETTLE_MS, seconds: IDLE_SECONDS }),
    ];
    for (const calls of options.calls) {
      const step = await measureStep(rig, calls, { settleMs: SETTLE_MS, seconds: options.seconds });
      steps.push(step);
      process.stderr.write(`${capacityReport([step])}\n`);
      if (step.placed < calls) break;
    }
    print(`\n${capacityReport(steps)}`);
    const shortfalls = steps.flatMap((step) => shortfall(step) ?? []);
    for (const line of shortfalls) print(`\nNot carried: ${line}.`);
    return shortfalls.length === 0;
  } finally {
    await rig.close();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
