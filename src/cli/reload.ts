import { z } from 'zod';
import type { Handover } from '../conversation/handover.ts';
import { handoverSchema } from '../dispatch/handoverUpdate.ts';

/** Calls that go from one process to the next, by the room's name. */
export type LeftCalls = ReadonlyMap<string, Handover>;

const calls = z.array(z.tuple([z.string(), handoverSchema]));

/** Between `dev` and the `start` that it runs, over Node's IPC. */
const reloadMessage = z.discriminatedUnion('type', [
  /** From `start`: it is up, and waits for what the one before left. */
  z.object({ type: z.literal('hello') }),
  /** To `start`: the calls that the one before left; it begins. */
  z.object({ type: z.literal('begin'), calls }),
  /** To `start`: hand over and end. */
  z.object({ type: z.literal('handOver') }),
  /** From `start`: it has left its rooms. */
  z.object({ type: z.literal('handedOver'), calls }),
]);

export type ReloadMessage = z.infer<typeof reloadMessage>;

/** Undefined when it is none: other parents send messages of their own. */
export function readReloadMessage(message: unknown): ReloadMessage | undefined {
  return reloadMessage.safeParse(message).data;
}

export const toCalls = (left: LeftCalls): z.infer<typeof calls> =>
  [...left].map(([room, { history, told, ...rest }]) => [
    room,
    { ...rest, history: [...history], told: [...told] },
  ]);

/** The side of `start`. */
export interface ReloadParent {
  /** Resolves with what the process before left. */
  begin(): Promise<LeftCalls>;
  /** Aborts when the calls are to be handed over. */
  readonly handOver: AbortSignal;
  /** Resolves once it is on its way. */
  handedOver(left: LeftCalls): Promise<void>;
}

export function reloadParent(): ReloadParent {
  const handOver = new AbortController();
  let begin: (left: LeftCalls) => void = () => {};
  const begun = new Promise<LeftCalls>((resolve) => {
    begin = resolve;
  });
  process.on('message', (raw) => {
    const message = readReloadMessage(raw);
    if (message?.type === 'begin') begin(new Map(message.calls));
    if (message?.type === 'handOver') handOver.abort();
  });
  // Without `dev` nobody would hand anything over, nor take it.
  if (process.connected) process.once('disconnect', () => begin(new Map()));
  else begin(new Map());
  const send = (message: ReloadMessage) =>
    new Promise<void>((resolve) => {
      if (process.send && process.connected) process.send(message, undefined, undefined, () => resolve());
      else resolve();
    });
  return {
    async begin() {
      await send({ type: 'hello' });
      return begun;
    },
    handOver: handOver.signal,
    handedOver: (left) => send({ type: 'handedOver', calls: toCalls(left) }),
  };
}
