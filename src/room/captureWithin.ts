import type { Clock } from '../time/clock.ts';
import type { Microphone } from './microphone.ts';

/** One frame, twice the native queue, and a margin for a busy machine. */
const TIMEOUT_MS = 20 + 2 * 40 + 500;
/** A timer this late means that our own thread stood still: the answer may be waiting behind it. */
const STALL_MS = 100;

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
    const watch = () => {
      const due = clock.now() + TIMEOUT_MS;
      cancel = clock.setTimer(TIMEOUT_MS, () => {
        if (clock.now() - due > STALL_MS) watch();
        else resolve(new Error(`no answer to a captured frame within ${TIMEOUT_MS} ms`));
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
