import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import type { Room } from '../../src/room/room.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import type { FromCaller, ToCaller } from './callers.ts';

/** A process of its own for the callers, so that they share no thread with the agent that is measured. */
let room: Room | undefined;

const now = () => performance.timeOrigin + performance.now();
const say = (message: FromCaller) => process.send?.(message);

async function join({ url, token }: Extract<ToCaller, { type: 'join' }>): Promise<void> {
  say({ type: 'connecting', at: now() });
  room = await joinLiveKitRoom({ url, token, log: silentLogger });
  room.on('participantJoined', ({ kind }) => {
    if (kind === 'agent') say({ type: 'met', at: now() });
  });
}

process.on('message', (message: ToCaller) => {
  const work = async () => {
    if (message.type === 'join') return join(message);
    await room?.leave();
    room = undefined;
    if (message.type === 'end') {
      await disposeRtc();
      process.disconnect();
    } else say({ type: 'left' });
  };
  work().catch((error: unknown) => say({ type: 'failed', why: String(error) }));
});
say({ type: 'left' });
