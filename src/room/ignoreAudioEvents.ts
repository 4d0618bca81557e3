import type { Room } from '@livekit/rtc-node';

/** Most of what the native side says, a hundred times a second for each call; no room has a use for it. */
const AUDIO_EVENTS: ReadonlySet<string> = new Set(['audioStreamEvent', 'captureAudioFrame']);

/**
 * rtc-node 1.1.0 hands every event of the process to every room, which takes a lock before it looks at it: the cost of audio
 * would grow with the square of the number of calls. A room with this is not woken for audio. To be called before `connect`.
 */
export function ignoreAudioEvents(room: Room): void {
  const listener: unknown = Reflect.get(room, 'onFfiEvent');
  if (!isListener(listener)) return;
  Reflect.set(room, 'onFfiEvent', (event: unknown) => {
    if (!AUDIO_EVENTS.has(kindOf(event))) listener(event);
  });
}

/** Events are protobuf messages: `{ message: { case: 'roomEvent', … } }`. */
function kindOf(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('message' in event)) return '';
  const { message } = event;
  if (typeof message !== 'object' || message === null || !('case' in message)) return '';
  return typeof message.case === 'string' ? message.case : '';
}

function isListener(value: unknown): value is (event: unknown) => void {
  return typeof value === 'function';
}
