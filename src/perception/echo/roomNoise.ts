import { BANDS, SPEECH_BANDS } from './echoBands.ts';

/** Power of a bin below which nothing is heard: −75 dBFS of noise. */
export const SILENT = 6e-6;
/** How fast the noise is thought to rise while it is covered, dB a second; and how it falls, per look. */
const RISE_DB_PER_S = 6;
const FALL = 0.1;

/** The noise of the caller's room, band by band: what is heard in the quietest moments. */
export class RoomNoise {
  readonly bands = new Float64Array(BANDS).fill(SILENT);

  /** `sinceMs`: since the last look. */
  follow(heardBands: Float64Array, sinceMs: number): void {
    const rise = 10 ** ((RISE_DB_PER_S * sinceMs) / 10_000);
    for (let band = 0; band < BANDS; band++) {
      const noise = this.bands[band] ?? SILENT;
      const heard = heardBands[band] ?? 0;
      const next = heard < noise ? noise + FALL * (heard - noise) : noise * rise;
      this.bands[band] = Math.max(SILENT / 10, next);
    }
  }

  /** Of the bands of speech, in the middle. */
  get power(): number {
    let sum = 0;
    for (let band = 0; band < SPEECH_BANDS; band++) sum += Math.log(this.bands[band] ?? SILENT);
    return Math.max(SILENT / 4, Math.exp(sum / SPEECH_BANDS));
  }
}
