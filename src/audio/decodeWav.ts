export interface WavAudio {
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples, interleaved when there is more than one channel. */
  readonly pcm: Int16Array;
}

const PCM = 1;
/** The real format is then the first two bytes of the sub-format. */
const EXTENSIBLE = 0xfffe;

/** Reads a 16-bit PCM WAV. Throws a `RangeError` that names what is wrong with it. */
export function decodeWav(file: Uint8Array): WavAudio {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') {
    throw new RangeError('Not a WAV file: it does not begin with RIFF … WAVE.');
  }
  let format: { sampleRate: number; channels: number } | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const name = tag(view, at);
    // A writer that streamed may have left the size open (0xffffffff) or never filled in: then it is what is there.
    const size = Math.min(view.getUint32(at + 4, true), view.byteLength - at - 8);
    if (name === 'fmt ') format = readFormat(view, at + 8, size);
    if (name === 'data') {
      if (format === undefined) throw new RangeError('A WAV file whose data comes before its format.');
      return { ...format, pcm: samples(view, at + 8, size) };
    }
    at += 8 + size + (size % 2);
  }
  throw new RangeError('A WAV file without audio data.');
}

function readFormat(view: DataView, at: number, size: number): { sampleRate: number; channels: number } {
  if (size < 16) throw new RangeError('A WAV file with a truncated format.');
  const code = view.getUint16(at, true);
  const kind = code === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : code;
  const bits = view.getUint16(at + 14, true);
  if (kind !== PCM || bits !== 16) {
    throw new RangeError(`Only 16-bit PCM is read; this WAV has format ${kind} with ${bits} bits.`);
  }
  return { channels: view.getUint16(at + 2, true), sampleRate: view.getUint32(at + 4, true) };
}

function samples(view: DataView, at: number, size: number): Int16Array {
  return Int16Array.from({ length: Math.floor(size / 2) }, (_, i) => view.getInt16(at + 2 * i, true));
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
}
