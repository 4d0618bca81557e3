import type { Speaker } from './voices.ts';

export type ClipKind = 'interruption' | 'backchannel' | 'noise';
export type Split = 'tuned' | 'held out';

/** What is spoken: a text, or a hum in each synthesiser's own spelling. */
export interface Line {
  readonly flite: { readonly text: string } | { readonly phones: string };
  readonly espeak: string;
  /** For people. */
  readonly name: string;
}

export type Sound =
  | { readonly type: 'speech'; readonly line: Line; readonly speaker: Speaker }
  | { readonly type: 'noise'; readonly name: string };

/** One sound of a caller's, in a room. */
export interface Clip {
  readonly kind: ClipKind;
  readonly group: string;
  readonly split: Split;
  readonly sound: Sound;
  /** How far the room's noise lies below the sound, in dB. */
  readonly snr: 15 | 50;
}
