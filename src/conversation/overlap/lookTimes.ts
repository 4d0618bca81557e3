/**
 * Ages of a stretch of speech, said over us, at which the local recogniser is asked, ms. A look takes 35 to 70 ms of
 * computing: where they are closer than that, one follows the other.
 */
export const LOOKS_MS: readonly number[] = [
  250, 300, 350, 400, 450, 500, 550, 600, 675, 750, 825, 900, 975, 1_050, 1_150,
];
