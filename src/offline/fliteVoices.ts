/** The voices inside the module that speak at 16 kHz: a woman, two men of which one Scottish, and a robotic man. */
export const FLITE_VOICES = ['slt', 'rms', 'awb', 'kal16'] as const;
