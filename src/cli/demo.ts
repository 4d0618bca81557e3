import { disposeRtc } from '../room/disposeRtc.ts';
import { openVenue } from './openVenue.ts';
import { startProcess } from './process.ts';
import { runDemoCall } from './runDemoCall.ts';
import { stopSignal } from './stopSignal.ts';

/** `voice-agent demo`: one call with a simulated caller, then the end. */
export async function demo(): Promise<void> {
  const stop = stopSignal();
  const running = await startProcess('demo');
  const open = await openVenue(running.config, running);
  try {
    await runDemoCall(running, open.venue, stop);
  } finally {
    await open.close();
    await running.close();
    await disposeRtc();
  }
}
