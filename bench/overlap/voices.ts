/** A speaker: a synthesiser's voice, changed in pitch and tempo so that there are more of them. */
export interface Speaker {
  readonly engine: 'flite' | 'espeak';
  readonly voice: string;
  /** Hundredths of a semitone. */
  readonly pitch?: number;
  /** 1 leaves it. */
  readonly tempo?: number;
}

/*
 * Chosen from some sixty because the local recogniser understands at least seven in ten of their words in neutral
 * sentences; a first choice, with voices that it understood less, was dropped after a look at its tuning clips.
 */

export const TUNING_VOICES: readonly Speaker[] = [
  { engine: 'flite', voice: 'slt' },
  { engine: 'espeak', voice: 'en-gb-x-rp' },
  { engine: 'flite', voice: 'rms' },
  { engine: 'flite', voice: 'slt', pitch: 150 },
  { engine: 'espeak', voice: 'en-us+f2' },
  { engine: 'flite', voice: 'rms', pitch: 150 },
  { engine: 'espeak', voice: 'en-gb-scotland+m3' },
  { engine: 'flite', voice: 'rms', pitch: 250, tempo: 1.1 },
];

/** Never a tuning clip's. */
export const HELD_OUT_VOICES: readonly Speaker[] = [
  { engine: 'flite', voice: 'awb' },
  { engine: 'espeak', voice: 'en-gb-x-rp+f2' },
  { engine: 'flite', voice: 'kal16' },
  { engine: 'flite', voice: 'awb', pitch: 250, tempo: 1.1 },
  { engine: 'espeak', voice: 'en-us-nyc+f3' },
  { engine: 'flite', voice: 'kal16', pitch: 150 },
  { engine: 'espeak', voice: 'en-gb-scotland' },
  { engine: 'flite', voice: 'awb', pitch: -200, tempo: 0.95 },
];
