import { monitorEventLoopDelay } from 'node:perf_hooks';
import { liveKitVenue } from '../../src/app/venue.ts';
import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../src/audio/format.ts';
import { Framer } from '../../src/audio/framer.ts';
import { fixture } from '../../src/caller/fixture.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import type { Room } from '../../src/room/room.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { sleep } from '../../src/time/sleep.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { FrameLateness } from './frameLateness.ts';
import { type FromChild, readToCallers } from './message.ts';
import { TURN_MS } from './script.ts';
import { SpeechHoles } from './speechHoles.ts';

// The callers of the capacity bench, in a process of their own: they ask, listen, and time what they hear.
const env = readEnvironment();
const venue = liveKitVenue(
  {
    url: env.LIVEKIT_URL ?? '',
    apiKey: env.LIVEKIT_API_KEY ?? '',
    apiSecret: env.LIVEKIT_API_SECRET ?? '',
  },
  { clock: systemClock, log: silentLogger },
);
const frames = new Framer(INPUT_FRAME_SAMPLES).push((await fixture('capital-of-france')).pcm);
const send = (message: FromChild) => process.send?.(message);

/** An answer that takes longer does not come, ms from the beginning of the question. */
const ANSWER_MS = 10_000;

class BenchCaller {
  readonly #room: Room;
  readonly #name: string;
  readonly #lateness = new FrameLateness();
  readonly holes = new SpeechHoles();
  latenessMs: number[] = [];
  answered = 0;
  #asked = 0;
  #heard = '';
  /** Since when a question has been waiting for its answer. */
  #openSince: number | undefined;

  constructor(name: string, room: Room) {
    this.#room = room;
    this.#name = name;
    room.on('audio', (frame, from) => {
      if (from.kind !== 'agent') return;
      this.latenessMs.push(this.#lateness.add(performance.now()));
      if (!this.holes.add(frame)) return;
      if (this.#heard !== from.identity) {
        send({ type: 'firstSample', room: this.#name, at: Date.now() - FRAME_MS });
      }
      this.#heard = from.identity;
      if (this.#openSince !== undefined) this.answered++;
      this.#openSince = undefined;
    });
    room.on('participantJoined', ({ kind }) => {
      if (kind === 'agent') send({ type: 'agentJoined', room: this.#name, at: Date.now() });
    });
    room.on('participantLeft', ({ kind }) => {
      if (kind === 'agent') send({ type: 'agentLeft', room: this.#name, at: Date.now() });
    });
  }

  /** Questions that were answered or should have been: not one whose answer may still come. */
  get asked(): number {
    const mayComeYet = this.#openSince !== undefined && performance.now() - this.#openSince < ANSWER_MS;
    return this.#asked - (mayComeYet ? 1 : 0);
  }

  /** Asks again and again, as soon as the greeting is over. */
  async ask(): Promise<void> {
    for (;;) {
      await sleep(systemClock, TURN_MS * (0.75 + Math.random() / 2));
      this.#asked++;
      this.#openSince = performance.now();
      for (const frame of frames) await this.#room.output.write(frame);
    }
  }

  reset(): void {
    this.latenessMs = [];
    this.holes.reset();
    this.#asked = 0;
    this.answered = 0;
    this.#openSince = undefined;
  }

  leave(): Promise<void> {
    return this.#room.leave();
  }
}

/** The delay histogram counts from its own period on, ms. */
const LAG_PERIOD_MS = 10;
const lag = monitorEventLoopDelay({ resolution: LAG_PERIOD_MS });
lag.enable();
const callers: BenchCaller[] = [];
process.on('message', async (raw) => {
  const message = readToCallers(raw);
  switch (message.type) {
    case 'join': {
      const { room } = message;
      const joined = await venue.join({
        room,
        identity: `caller-${room}`,
        kind: 'person',
        outputRate: INPUT_RATE,
      });
      const caller = new BenchCaller(room, joined);
      callers.push(caller);
      caller.ask().catch(() => {});
      send({ type: 'joined', room });
      break;
    }
    case 'reset':
      for (const caller of callers) caller.reset();
      lag.reset();
      break;
    case 'measure':
      send({
        type: 'measured',
        latenessMs: callers.flatMap(({ latenessMs }) => latenessMs.map((ms) => Math.round(ms * 10) / 10)),
        ownLagMs: Math.max(0, lag.percentile(99) / 1e6 - LAG_PERIOD_MS),
        holes: sum(({ holes }) => holes.holes),
        speechMs: sum(({ holes }) => holes.speechMs),
        asked: sum(({ asked }) => asked),
        answered: sum(({ answered }) => answered),
      });
      break;
    case 'leave':
      await Promise.all(callers.map((caller) => caller.leave()));
      process.exit(0);
  }
});
process.once('disconnect', () => process.exit(0));
send({ type: 'ready', origin: '' });

function sum(of: (caller: BenchCaller) => number): number {
  return callers.reduce((total, caller) => total + of(caller), 0);
}
