import { resample, SAMPLE_RATES } from '../../audio/resampler.ts';

export const STT_FORMATS = [
  'pcm_8000',
  'pcm_16000',
  'pcm_22050',
  'pcm_24000',
  'pcm_44100',
  'pcm_48000',
  'ulaw_8000',
] as const;

/** Formats in which the stand-in speaks; the vendor has compressed ones as well. */
export const TTS_FORMATS = [
  'pcm_8000',
  'pcm_16000',
  'pcm_22050',
  'pcm_24000',
  'pcm_32000',
  'pcm_44100',
  'pcm_48000',
] as const;

export function rateOf(format: string): number {
  return Number(format.split('_')[1]);
}

/** Bytes of one second. */
export function bytesPerSecond(format: string): number {
  return rateOf(format) * (format.startsWith('ulaw') ? 1 : 2);
}

/** Base64 or bytes of the wire → samples at the wire's rate. A lone last byte is dropped. */
export function decodeAudio(bytes: Uint8Array, format: string): Int16Array {
  if (format.startsWith('ulaw')) return Int16Array.from(bytes, muLaw);
  // A copy of its own: a Node Buffer is a window on a shared pool, and its own `slice` copies nothing.
  return new Int16Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 2))).buffer);
}

/** One byte of G.711 µ-law. */
function muLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

/** Between any two rates; those that the resampler does not know go by way of 48 kHz. */
export function convertRate(pcm: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return pcm;
  const known = (rate: number) => SAMPLE_RATES.some((one) => one === rate);
  if (known(from) && known(to)) return resample(pcm, from, to);
  const high = known(from) ? resample(pcm, from, 48_000) : interpolate(pcm, from, 48_000);
  return known(to) ? resample(high, 48_000, to) : interpolate(high, 48_000, to);
}

function interpolate(pcm: Int16Array, from: number, to: number): Int16Array {
  const out = new Int16Array(Math.round((pcm.length * to) / from));
  for (let index = 0; index < out.length; index++) {
    const at = (index * from) / to;
    const left = Math.floor(at);
    const a = pcm[left] ?? 0;
    const b = pcm[left + 1] ?? a;
    out[index] = Math.round(a + (b - a) * (at - left));
  }
  return out;
}

export function toBytes(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
