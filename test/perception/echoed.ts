import { INPUT_RATE } from '../../src/audio/format.ts';

/** A generator of noise that is the same each time: −0.5 to 0.5. */
function noiseSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** A room with a fan in it, about −62 dBFS. 16 kHz mono, as everything here. */
export function roomNoise(samples: number, seed: number): Float64Array {
  const next = noiseSource(seed);
  let brown = 0;
  return Float64Array.from({ length: samples }, () => {
    const white = next();
    brown += 0.06 * (white - brown);
    return 180 * (brown * 2 + white * 0.25);
  });
}

export interface EchoWay {
  readonly delayMs: number;
  readonly db: number;
  /** How long the room rings, ms: 60 dB. */
  readonly ringMs?: number;
}

/** How our voice comes back: through a small loudspeaker (150 Hz to 5 kHz) and a room with 40 reflections. */
export function echoOf(pcm: Int16Array, { delayMs, db, ringMs = 250 }: EchoWay, seed: number): Float64Array {
  const next = noiseSource(seed);
  const delay = (delayMs * INPUT_RATE) / 1000;
  const taps = [{ at: delay, volume: 1 }];
  for (let i = 0; i < 40; i++) {
    const ms = 2 + (next() + 0.5) * ringMs * 0.6;
    taps.push({
      at: delay + Math.round((ms * INPUT_RATE) / 1000),
      volume: next() * 0.4 * 10 ** ((-3 * ms) / ringMs),
    });
  }
  const lows = Math.exp((-2 * Math.PI * 150) / INPUT_RATE);
  const highs = Math.exp((-2 * Math.PI * 5_000) / INPUT_RATE);
  const source = new Float64Array(pcm.length);
  let high = 0;
  let low = 0;
  let last = 0;
  pcm.forEach((sample, i) => {
    high = lows * (high + sample - last);
    last = sample;
    low = highs * low + (1 - highs) * high;
    source[i] = low;
  });
  const out = new Float64Array(pcm.length);
  for (const { at, volume } of taps) {
    const gain = volume * 10 ** (db / 20);
    for (let i = at; i < out.length; i++) out[i] = (out[i] ?? 0) + gain * (source[i - at] ?? 0);
  }
  return out;
}

/** All of them at once, as a microphone hears them. */
export function mixed(...sounds: readonly Float64Array[]): Int16Array {
  const length = Math.max(...sounds.map((sound) => sound.length));
  return Int16Array.from({ length }, (_, i) => {
    const sum = sounds.reduce((total, sound) => total + (sound[i] ?? 0), 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}

/** `pcm` from `atMs` on, in silence of `samples`. */
export function placed(pcm: Int16Array, atMs: number, samples: number, db = 0): Float64Array {
  const out = new Float64Array(samples);
  const at = (atMs * INPUT_RATE) / 1000;
  for (let i = 0; i < pcm.length && at + i < samples; i++) out[at + i] = (pcm[i] ?? 0) * 10 ** (db / 20);
  return out;
}
