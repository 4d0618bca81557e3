import { FRAME_MS, INPUT_FRAME_SAMPLES, INPUT_RATE } from '../../src/audio/format.ts';
import type { AudioOutput } from '../../src/room/audioOutput.ts';
import type { Room } from '../../src/room/room.ts';
import type { Clock } from '../../src/time/clock.ts';

/** How loud the agent comes back, and how much later. */
export interface Echo {
  /** dB against how it was heard. */
  readonly db: number;
  readonly delayMs: number;
}

/** No more than this is queued in the room, so that the echo's delay is what it says: ms. */
const AHEAD_MS = 30;

/** A caller's microphone in front of the caller's loudspeaker, without any echo cancellation. */
export class Loudspeaker implements AudioOutput {
  readonly sampleRate: number;
  echo: Echo | undefined;
  readonly #room: Room;
  readonly #clock: Clock;
  readonly #said: { readonly frame: Int16Array; readonly taken: () => void }[] = [];
  readonly #played: { readonly frame: Int16Array; readonly at: number }[] = [];
  #writing = false;
  #stop: () => void = () => {};

  constructor(room: Room, clock: Clock) {
    this.#room = room;
    this.#clock = clock;
    this.sampleRate = room.output.sampleRate;
    room.on('audio', (frame, from) => {
      if (from.kind === 'agent') this.#played.push({ frame: frame.slice(), at: clock.now() });
    });
    this.#tickAt(clock.now() + FRAME_MS);
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

  #tickAt(due: number): void {
    this.#stop = this.#clock.setTimer(Math.max(0, due - this.#clock.now()), () => {
      this.#record();
      this.#tickAt(Math.max(due, this.#clock.now() - 200) + FRAME_MS);
    });
  }

  #record(): void {
    // The room waits with the first frame until somebody listens.
    if (this.#writing || (this.#room.output.queuedSamples() * 1000) / INPUT_RATE > AHEAD_MS) return;
    const said = this.#said.shift();
    const frame = said?.frame ?? new Int16Array(INPUT_FRAME_SAMPLES);
    const echoed = this.#echoed();
    if (echoed) {
      const { db, frame: back } = echoed;
      const gain = 10 ** (db / 20);
      for (let i = 0; i < frame.length; i++) {
        const sum = (frame[i] ?? 0) + Math.round((back[i] ?? 0) * gain);
        frame[i] = Math.max(-32_768, Math.min(32_767, sum));
      }
    }
    said?.taken();
    this.#writing = true;
    const done = () => {
      this.#writing = false;
    };
    // The room is gone when a call ends in mid-frame.
    this.#room.output.write(frame).then(done, () => this.close());
  }

  /** The frame that comes out of the loudspeaker now, as far as the delay goes: one for each one recorded. */
  #echoed(): { readonly db: number; readonly frame: Int16Array } | undefined {
    const delayMs = this.echo?.delayMs ?? 0;
    const now = this.#clock.now();
    const head = this.#played[0];
    if (!head || now - head.at < delayMs) return undefined;
    this.#played.shift();
    // What a standstill of the process left behind is skipped: the delay must not grow.
    while (this.#played[0] && now - this.#played[0].at > delayMs + 60) this.#played.shift();
    return this.echo && { db: this.echo.db, frame: head.frame };
  }
}
