import { serveCalls } from '../dispatch/callWorker.ts';
import { openSilero } from '../perception/silero.ts';
import { disposeRtc } from '../room/disposeRtc.ts';
import { sleep } from '../time/sleep.ts';
import { Calls } from './calls.ts';
import { EXIT } from './exitCode.ts';
import { openVenue } from './openVenue.ts';
import { startProcess } from './process.ts';
import { supervisorChannel } from './supervisorChannel.ts';

/** Longest that a process in an unknown state takes to leave its rooms, ms. */
const LEAVE_MS = 2_000;
/** Longest wait for the local models before the first call: loading them takes a core, which a call that begins needs. Ms. */
const WARM_MS = 2_000;

/** `voice-agent worker`, which `start` runs: holds the calls that the supervisor gives it, and ends when drained. */
export async function worker(): Promise<void> {
  // A service manager, or Ctrl-C, signals the whole group; it is the supervisor who decides.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
  const channel = supervisorChannel();
  let calls: Calls | undefined;
  const running = await startProcess('start', {
    isWorker: true,
    onBroken() {
      channel.send({ type: 'leaving' });
      setTimeout(() => process.exit(EXIT.failed), LEAVE_MS);
      const leave = calls?.handOverAll() ?? Promise.resolve();
      void leave.finally(() => process.exit(EXIT.failed));
    },
  });
  const { clock, log, config } = running;
  const { venue, close } = await openVenue(config, running);
  calls = new Calls(running, venue);
  const warm = new AbortController();
  void Promise.allSettled([openSilero(), running.recogniser.warm()]).then(() => warm.abort());
  await sleep(clock, WARM_MS, warm.signal);
  await serveCalls({ host: calls, channel, clock, log });
  await close();
  await running.close();
  await disposeRtc();
}
