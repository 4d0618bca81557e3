import type { Room } from '@livekit/rtc-node';

/**
 * rtc-node 1.1.0 hands every event of the process to every room, which takes a lock before it looks whether the event is for
 * it: what each call costs would grow with their number. A room with this is woken for its own events only: all others,
 * audio a hundred times a second for each call among them, it would do nothing with. To be called before `connect`.
 */
export function ownEventsOnly(room: Room): void {
  const listener: unknown = Reflect.get(room, 'onFfiEvent');
  if (!isListener(listener)) return;
  Reflect.set(room, 'onFfiEvent', (event: unknown) => {
    if (isFor(room, event)) listener(event);
  });
}

/** Events are protobuf messages: `{ message: { case: 'roomEvent', value: { roomHandle, … } } }`. */
function isFor(room: Room, event: unknown): boolean {
  const message = field(event, 'message');
  switch (field(message, 'case')) {
    case 'roomEvent': {
      const own = field(field(room, 'ffiHandle'), 'handle');
      // Before it is connected a room keeps what comes, and does not know its own handle yet.
      return own === undefined || field(field(message, 'value'), 'roomHandle') === own;
    }
    case 'rpcMethodInvocation':
      return true;
    default:
      return false;
  }
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function isListener(value: unknown): value is (event: unknown) => void {
  return typeof value === 'function';
}
