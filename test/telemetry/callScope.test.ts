import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type CallScope, callScope, inCallScope } from '../../src/telemetry/callScope.ts';

const scope = (room: string): CallScope => ({ room, fail: () => {} });

it('everything that comes of a call’s work is in its name, and of no other’s', async () => {
  const seen = async (room: string) =>
    inCallScope(scope(room), async () => {
      const rooms = [callScope()?.room];
      await pause(5);
      rooms.push(callScope()?.room);
      setImmediate(() => rooms.push(callScope()?.room));
      queueMicrotask(() => rooms.push(callScope()?.room));
      await pause(5);
      return rooms;
    });
  const [a, b] = await Promise.all([seen('a'), seen('b')]);
  expect(a).toEqual(['a', 'a', 'a', 'a']);
  expect(b).toEqual(['b', 'b', 'b', 'b']);
  expect(callScope()).toBeUndefined();
});

it('a call that waits for an event of the process is itself again once it has come', async () => {
  const process = new EventEmitter();
  const waiting = inCallScope(scope('a'), async () => {
    await once(process, 'frame');
    return callScope()?.room;
  });
  inCallScope(scope('b'), () => process.emit('frame'));
  expect(await waiting).toBe('a');
});
