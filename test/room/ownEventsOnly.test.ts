import { Room } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { ownEventsOnly } from '../../src/room/ownEventsOnly.ts';

function build() {
  const room = new Room();
  const got: unknown[] = [];
  // rtc-node's own field: when an update renames it, this fails, and the cost comes back unnoticed otherwise.
  expect(typeof Reflect.get(room, 'onFfiEvent')).toBe('function');
  Reflect.set(room, 'onFfiEvent', (event: unknown) => got.push(event));
  ownEventsOnly(room);
  const listener: unknown = Reflect.get(room, 'onFfiEvent');
  if (typeof listener !== 'function') throw new Error('no listener');
  return { room, got, tell: (message: object) => listener({ message }) };
}

describe('a room that is woken for its own events only', () => {
  it('gets no audio and no answers to requests', () => {
    const { got, tell } = build();
    for (const kind of ['audioStreamEvent', 'captureAudioFrame', 'trackEvent', 'rpcMethodInvocation']) {
      tell({ case: kind, value: {} });
    }
    expect(got).toEqual([{ message: { case: 'rpcMethodInvocation', value: {} } }]);
  });

  it('gets every room event before it is connected, and then its own', () => {
    const { room, got, tell } = build();
    const roomEvent = (roomHandle: bigint) => ({ case: 'roomEvent', value: { roomHandle } });
    tell(roomEvent(7n));
    Reflect.set(room, 'ffiHandle', { handle: 8n });
    tell(roomEvent(7n));
    tell(roomEvent(8n));
    expect(got).toEqual([{ message: roomEvent(7n) }, { message: roomEvent(8n) }]);
  });
});
