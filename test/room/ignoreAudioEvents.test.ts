import { Room } from '@livekit/rtc-node';
import { describe, expect, it } from 'vitest';
import { ignoreAudioEvents } from '../../src/room/ignoreAudioEvents.ts';

describe('a room that is not woken for audio', () => {
  it('still gets every other event, and the listener that connect and disconnect use is the one that filters', () => {
    const room = new Room();
    const got: unknown[] = [];
    // rtc-node's own field: when an update renames it, this fails, and the cost comes back unnoticed otherwise.
    expect(typeof Reflect.get(room, 'onFfiEvent')).toBe('function');
    Reflect.set(room, 'onFfiEvent', (event: unknown) => got.push(event));
    ignoreAudioEvents(room);
    const listener: unknown = Reflect.get(room, 'onFfiEvent');
    if (typeof listener !== 'function') throw new Error('no listener');
    for (const kind of ['audioStreamEvent', 'captureAudioFrame', 'roomEvent', 'rpcMethodInvocation']) {
      listener({ message: { case: kind } });
    }
    expect(got).toEqual([{ message: { case: 'roomEvent' } }, { message: { case: 'rpcMethodInvocation' } }]);
  });
});
