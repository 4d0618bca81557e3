import type { AudioOutput } from '../room/audioOutput.ts';
import type { Clock } from '../time/clock.ts';

/** An output that tells what leaves through it: each frame, and when its first sample is played, ms on the clock. */
export function tappedOutput(
  output: AudioOutput,
  clock: Clock,
  listener: (frame: Int16Array, startMs: number) => void,
): AudioOutput {
  return {
    sampleRate: output.sampleRate,
    async write(frame) {
      await output.write(frame);
      const ahead = output.queuedSamples() - frame.length;
      listener(frame, clock.now() + (ahead * 1000) / output.sampleRate);
    },
    queuedSamples: () => output.queuedSamples(),
    clear: () => output.clear(),
  };
}
