import { afterEach, expect, it } from 'vitest';
import type { CallEnd } from '../../src/dispatch/callPlacement.ts';
import { serveCalls } from '../../src/dispatch/callWorker.ts';
import { type FromWorker, readFromWorker, type ToWorker } from '../../src/dispatch/workerMessage.ts';
import { VoiceAgentError } from '../../src/errors.ts';
import { silentLogger as log } from '../../src/telemetry/silentLogger.ts';
import { sleep } from '../../src/time/sleep.ts';
import { VirtualClock } from '../support/virtualClock.ts';

class Host {
  readonly done: string[] = [];
  readonly #ends = new Map<string, (end: CallEnd) => void>();

  /** Time that a join takes, ms. */
  joinMs = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** What a join fails with. */
  fault: Error | undefined;

  async hold({ room }: { room: string }) {
    await sleep(this.#clock, this.joinMs);
    if (this.fault) throw this.fault;
    const ended = new Promise<CallEnd>((resolve) => this.#ends.set(room, resolve));
    const over = (how: string, end: CallEnd) => async () => {
      this.done.push(`${room} ${how}`);
      this.#ends.get(room)?.(end);
    };
    return {
      identity: `agent in ${room}`,
      ended,
      hangUp: over('hung up', { why: 'hungUp' }),
      sayGoodbye: over('said goodbye', { why: 'hungUp' }),
      handOver: over('handed over', { why: 'handedOver' }),
    };
  }

  leave(room: string): void {
    this.#ends.get(room)?.({ why: 'alone' });
  }
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function build() {
  const clock = new VirtualClock();
  const host = new Host(clock);
  const said: FromWorker[] = [];
  let tell: (message: unknown) => void = () => {};
  let close = () => {};
  let drained = false;
  void serveCalls({
    host,
    channel: {
      send: (message) => said.push(message),
      onMessage: (listener) => {
        tell = listener;
      },
      onClosed: (listener) => {
        close = listener;
      },
    },
    clock,
    log,
  }).then(() => {
    drained = true;
  });
  const begin = (callId: number, room: string) =>
    tell({
      type: 'begin',
      callId,
      job: { room, source: 'cli', requestedAt: 0 },
    } satisfies ToWorker);
  closing.push(() => close());
  return {
    clock,
    host,
    said,
    begin,
    tell: (message: ToWorker) => tell(message),
    close,
    isDrained: () => drained,
  };
}

it.each([
  [
    new VoiceAgentError('VA_LOCAL_MODEL', 'no model'),
    { code: 'VA_LOCAL_MODEL', message: 'no model', retryable: false },
  ],
  [new Error('engine'), { code: 'VA_ROOM_UNREACHABLE', message: 'engine', retryable: false }],
])('a call that cannot be held is refused with what was wrong: %s', async (fault, said) => {
  const { clock, host, begin, ...worker } = build();
  host.fault = fault;
  begin(1, 'den');
  await clock.advance(1);
  const refusal = worker.said.find(({ type }) => type === 'refused');
  expect(readFromWorker(structuredClone(refusal))).toEqual({ type: 'refused', callId: 1, ...said });
});

it('orphaned by its supervisor, it holds its calls to their own end, and then is done', async () => {
  const { clock, host, begin, isDrained, ...worker } = build();
  begin(1, 'den');
  begin(2, 'attic');
  await clock.advance(1_000);
  worker.close();
  await clock.advance(3_600_000);
  expect([host.done, isDrained()]).toEqual([[], false]);
  host.leave('den');
  await clock.advance(1_000);
  expect(isDrained()).toBe(false);
  host.leave('attic');
  await clock.advance(1_000);
  expect([host.done, isDrained()]).toEqual([[], true]);
});

it.each([
  ['goodbye', 'den said goodbye'],
  ['handOver', 'den handed over'],
] as const)('drained for %s, it ends so what still runs at the limit', async (rest, done) => {
  const { clock, host, begin, tell, isDrained, said } = build();
  begin(1, 'den');
  await clock.advance(100);
  tell({ type: 'drain', limitMs: 5_000, rest });
  await clock.advance(4_900);
  expect([host.done, isDrained()]).toEqual([[], false]);
  await clock.advance(200);
  expect([host.done, isDrained()]).toEqual([[done], true]);
  expect(said.some(({ type }) => type === 'ended')).toBe(true);
});

it.each([
  ['goodbye', 'den said goodbye'],
  ['handOver', 'den handed over'],
] as const)('drained for %s, it ends so what is still joining at the limit', async (rest, done) => {
  const { clock, host, begin, tell, isDrained } = build();
  host.joinMs = 2_000;
  begin(1, 'den');
  tell({ type: 'drain', limitMs: 1_000, rest });
  await clock.advance(1_900);
  expect([host.done, isDrained()]).toEqual([[], false]);
  await clock.advance(200);
  expect([host.done, isDrained()]).toEqual([[done], true]);
});

it('an idle orphan ends at once', async () => {
  const { clock, close, isDrained } = build();
  close();
  await clock.advance(1);
  expect(isDrained()).toBe(true);
});
