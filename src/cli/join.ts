import { VoiceAgentError } from '../errors.ts';
import { disposeRtc } from '../room/disposeRtc.ts';
import { Calls } from './calls.ts';
import { openVenue } from './openVenue.ts';
import { startProcess } from './process.ts';
import { stopSignal } from './stopSignal.ts';

/** `voice-agent join`: one room, now, until the last person has left. */
export async function join(options: {
  readonly room: string;
  readonly offline: boolean;
  readonly tools?: readonly string[];
}): Promise<void> {
  const { room, offline, tools } = options;
  const running = await startProcess('join', { offline, tools });
  const stop = stopSignal();
  const open = await openVenue(running.config, running);
  try {
    if (!open.livekit) {
      throw new VoiceAgentError(
        'VA_LIVEKIT_SERVER',
        'there is no LiveKit server to join: set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, ' +
          'or get a local one with "npm run livekit".',
      );
    }
    // A wrong key is better heard of here than by the caller.
    await running.agent.check(stop);
    const calls = new Calls(running, open.venue);
    stop.addEventListener('abort', () => void calls.hangUpAll());
    const call = await calls.place({ room, source: 'cli', requestedAt: Date.now() }, stop);
    await call.ended;
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await open.close();
    await running.close();
    await disposeRtc();
  }
}
