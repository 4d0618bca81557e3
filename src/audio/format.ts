/** All audio in the program is signed 16-bit mono PCM in an `Int16Array`; only the rate differs by direction. */

/** What is heard: the rate of Silero, Moonshine and realtime speech-to-text (`pcm_16000`). */
export const INPUT_RATE = 16_000;
/** What is spoken: `pcm_24000` from text-to-speech, unchanged up to the room. */
export const OUTPUT_RATE = 24_000;
/** One frame, in and out. */
export const FRAME_MS = 20;
export const INPUT_FRAME_SAMPLES = (INPUT_RATE * FRAME_MS) / 1000;
export const OUTPUT_FRAME_SAMPLES = (OUTPUT_RATE * FRAME_MS) / 1000;
