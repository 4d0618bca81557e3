import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../src/audio/format.ts';
import { level } from '../../src/audio/level.ts';
import type { AudioOutput } from '../../src/room/audioOutput.ts';
import type { Room } from '../../src/room/room.ts';
import type { Clock } from '../../src/time/clock.ts';
import { PlayedSound } from './playedSound.ts';

/** How loud the agent comes back, and how much later. */
export interface Echo {
  /** dB against how it was heard. */
  readonly db: number;
  /** From the loudspeaker to the microphone, with all that lies between. */
  readonly delayMs: number;
}

/** More than this in the room's queue is made up for by leaving silence out, ms. */
const AHEAD_MS = 30;
const SILENCE_DBFS = -60;
/** What the process missed beyond this is not recorded any more, ms. */
const MISSED_MS = 400;

/**
 * A caller's microphone in front of the caller's loudspeaker, without any echo cancellation. As in a sound card, both run by
 * the same clock and without a gap, however late this process gets round to it.
 */
export class Loudspeaker implements AudioOutput {
  readonly sampleRate: number;
  echo: Echo | undefined;
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #said: { readonly frame: Int16Array; readonly taken: () => void }[] = [];
  readonly #sound = new PlayedSound();
  /** Which frame is recorded next: when its last sample was heard, ms. */
  #due: number;
  #stop: () => void = () => {};

  constructor(room: Room, clock: Clock) {
    this.#room = room;
    this.#clock = clock;
    this.sampleRate = room.output.sampleRate;
    room.on('audio', (frame, from) => {
      if (from.kind === 'agent') this.#sound.play(frame, clock.now());
    });
    this.#due = clock.now() + FRAME_MS;
    this.#tick();
  }

  write(frame: Int16Array): Promise<void> {
    return new Promise((taken) => this.#said.push({ frame: frame.slice(), taken }));
  }

  queuedSamples(): number {
    return this.#said.length * INPUT_FRAME_SAMPLES + this.#room.output.queuedSamples();
  }

  async clear(): Promise<void> {
    for (const { taken } of this.#said.splice(0)) taken();
    await this.#room.output.clear();
  }

  close(): void {
    this.#stop();
  }

  #tick(): void {
    this.#stop = this.#clock.setTimer(Math.max(0, this.#due - this.#clock.now()), () => {
      // The room is gone when a call ends in mid-frame.
      this.#record().then(
        () => this.#tick(),
        () => this.close(),
      );
    });
  }

  async #record(): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#due > MISSED_MS) this.#due = now;
    while (this.#due <= this.#clock.now()) {
      const frame = this.#heardUntil(this.#due);
      this.#due += FRAME_MS;
      const said = this.#said.shift();
      said?.frame.forEach((sample, i) => {
        frame[i] = Math.max(-32_768, Math.min(32_767, (frame[i] ?? 0) + sample));
      });
      said?.taken();
      const isLate = (this.#room.output.queuedSamples() * 1000) / INPUT_RATE > AHEAD_MS;
      if (isLate && level(frame) < SILENCE_DBFS) continue;
      await this.#room.output.write(frame);
    }
  }

  #heardUntil(endMs: number): Int16Array {
    const frame = new Int16Array(INPUT_FRAME_SAMPLES);
    if (!this.echo) return frame;
    const gain = 10 ** (this.echo.db / 20);
    this.#sound.read(endMs - this.echo.delayMs, frame);
    return frame.map((sample) => Math.round(sample * gain));
  }
}
