/** `ms` of a sine, `amplitude` in sample units; `start` is the position of the first sample, for a phase that goes on. */
export function tone(hz: number, rate: number, ms: number, amplitude: number, start = 0): Int16Array {
  const out = new Int16Array(Math.round((rate * ms) / 1000));
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.round(amplitude * Math.sin((2 * Math.PI * hz * (start + i)) / rate));
  }
  return out;
}

/** The middle one of a measure over frames: a glitch in a few of them (a busy machine, a codec) does not matter. */
export function median(frames: readonly Int16Array[], measure: (frame: Int16Array) => number): number {
  const sorted = frames.map(measure).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Frequency by rising zero crossings; good to about 1 % on a frame with several periods of a clean tone. */
export function pitch(pcm: Int16Array, rate: number): number {
  let first = -1;
  let last = -1;
  let crossings = 0;
  for (let i = 1; i < pcm.length; i++) {
    if ((pcm[i - 1] ?? 0) >= 0 || (pcm[i] ?? 0) < 0) continue;
    if (first < 0) first = i;
    else crossings++;
    last = i;
  }
  return crossings === 0 ? 0 : (crossings * rate) / (last - first);
}
