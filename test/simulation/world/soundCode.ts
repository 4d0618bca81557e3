/**
 * Our voice in the simulation carries its own address: every 10 ms, a few samples tell by their signs which stream of the
 * voice they belong to and where in it they stand. Signs survive every volume, so what the room played can be read back.
 */
const CODE_EVERY = 240;
const INDEX_BITS = 18;
const STREAM_BITS = 10;
const BITS = INDEX_BITS + STREAM_BITS;
export const SAMPLES_PER_MS = 24;
export const FULL_VOLUME = 20_000;
/** Between the codes: never zero at any volume, so that zeros are what is not voice. */
const BETWEEN = 4;
/** Anything louder belongs to a code. */
const CODE_FROM = 100;

/** Samples `from` to `from + length` of a stream. */
export function encode(stream: number, from: number, length: number): Int16Array {
  const pcm = new Int16Array(length).fill(BETWEEN);
  for (let start = from - (from % CODE_EVERY); start < from + length; start += CODE_EVERY) {
    const code = (start / CODE_EVERY) * 2 ** STREAM_BITS + stream;
    for (let bit = 0; bit < BITS; bit++) {
      const at = start + bit - from;
      if (at >= 0 && at < length) pcm[at] = (code >>> bit) & 1 ? FULL_VOLUME : -FULL_VOLUME;
    }
  }
  return pcm;
}

export interface Decoded {
  readonly stream: number;
  /** Where in the stream the frame begins. */
  readonly position: number;
  /** How loud it is, of `FULL_VOLUME`. */
  readonly volume: number;
}

/** Undefined when the frame holds no whole code: the short end of an utterance. */
export function decode(frame: Int16Array): Decoded | undefined {
  let at = 0;
  // A code that is under way when the frame begins may have lost its head.
  while (at < frame.length && isCode(frame[at])) at++;
  while (at < frame.length && !isCode(frame[at])) at++;
  if (at + BITS > frame.length || !isCode(frame[at + BITS - 1])) return undefined;
  let code = 0;
  for (let bit = 0; bit < BITS; bit++) if ((frame[at + bit] ?? 0) > 0) code |= 1 << bit;
  return {
    stream: code & (2 ** STREAM_BITS - 1),
    position: (code >>> STREAM_BITS) * CODE_EVERY - at,
    volume: Math.abs(frame[at + BITS - 1] ?? 0),
  };
}

/** How many samples of a frame are voice: the rest is what fills it up. */
export function voiced(frame: Int16Array): number {
  let length = frame.length;
  while (length > 0 && frame[length - 1] === 0) length--;
  return length;
}

function isCode(sample: number | undefined): boolean {
  return Math.abs(sample ?? 0) > CODE_FROM;
}
