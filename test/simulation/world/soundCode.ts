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

/** What each stream sounds like, as far as anybody has asked: it is the same in all calls. */
const streams: Int16Array[] = [];

/** Samples `from` to `from + length` of a stream; to be read only. */
export function encode(stream: number, from: number, length: number): Int16Array {
  let whole = streams[stream];
  if (!whole || whole.length < from + length) {
    whole = soundOf(stream, Math.ceil((1.5 * (from + length)) / CODE_EVERY));
    streams[stream] = whole;
  }
  return whole.subarray(from, from + length);
}

function soundOf(stream: number, codes: number): Int16Array {
  const pcm = new Int16Array(codes * CODE_EVERY).fill(BETWEEN);
  for (let index = 0; index < codes; index++) {
    const code = index * 2 ** STREAM_BITS + stream;
    for (let bit = 0; bit < BITS; bit++)
      pcm[index * CODE_EVERY + bit] = (code >>> bit) & 1 ? FULL_VOLUME : -FULL_VOLUME;
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
  // In strides that no code slips through, then back to its head.
  const from = at;
  while (at < frame.length && !isCode(frame[at])) at += BITS;
  while (at > from && (at >= frame.length || isCode(frame[at - 1]))) at--;
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
