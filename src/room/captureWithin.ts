import type { Clock } from '../time/clock.ts';
import type { Microphone } from './microphone.ts';

/** One frame, twice the native queue, and a margin for a busy machine, in steps. */
const PUNCTUAL_STEPS = 12;
const STEP_MS = 50;
/** A step so late means that the machine has no time for us: it does not count, the answer may be waiting behind it. */
const LATE_MS = 25;
/** But so many are too many for any machine. */
const MOST_STEPS = 100;

/**
 * Captures one frame and resolves to undefined, or to what went wrong: a refusal, or no answer in time, after which
 * the source is beyond repair (livekit/rust-sdks#1289). Never rejects.
 */
export function captureWithin(
  clock: Clock,
  microphone: Microphone,
  frame: Int16Array,
): Promise<Error | undefined> {
  return new Promise((resolve) => {
    let cancel = () => {};
    let steps = 0;
    let punctual = 0;
    const startedAt = clock.now();
    const watch = () => {
      const due = clock.now() + STEP_MS;
      cancel = clock.setTimer(STEP_MS, () => {
        const now = clock.now();
        steps++;
        if (now - due <= LATE_MS) punctual++;
        if (punctual < PUNCTUAL_STEPS && steps < MOST_STEPS) watch();
        else resolve(new Error(`no answer to a captured frame within ${Math.round(now - startedAt)} ms`));
      });
    };
    watch();
    microphone
      .capture(frame)
      .then(
        () => resolve(undefined),
        (error: unknown) => resolve(error instanceof Error ? error : new Error(String(error))),
      )
      .finally(() => cancel());
  });
}
