/** First bins of the bands in which an echo's loudness is followed (31.25 Hz each), and the end of the last one. */
const EDGES = [3, 5, 7, 9, 11, 14, 17, 20, 24, 29, 35, 42, 50, 60, 72, 86, 103, 128, 160, 200, 257] as const;

export const BANDS = EDGES.length - 1;
/** Bands up to here (4 kHz) hold what speech is told by; those above follow along. */
export const SPEECH_BANDS = 17;

/** The band of each bin; what lies below the first band goes with it. */
export const BAND_OF: Uint8Array = Uint8Array.from({ length: 257 }, (_, bin) =>
  Math.max(
    0,
    EDGES.findLastIndex((edge) => edge <= bin),
  ),
);

/** Mean power of the bins of each band. */
export function bandPowers(power: Float64Array, out: Float64Array): void {
  for (let band = 0; band < BANDS; band++) {
    const from = EDGES[band] ?? 0;
    const to = EDGES[band + 1] ?? 0;
    let sum = 0;
    for (let bin = from; bin < to; bin++) sum += power[bin] ?? 0;
    out[band] = sum / (to - from);
  }
}
