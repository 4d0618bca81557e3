/** What a piece of digital silence measures, instead of minus infinity. */
export const SILENCE_DBFS = -100;

/** The loudness of a piece of PCM: its root mean square in dB relative to full scale, from −100 to 0. */
export function level(pcm: Int16Array): number {
  if (pcm.length === 0) return SILENCE_DBFS;
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  const rms = Math.sqrt(sum / pcm.length) / 32_768;
  return rms === 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(rms));
}
