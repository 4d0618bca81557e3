import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { systemClock } from '../time/systemClock.ts';
import { spawnWorker } from '../workers/spawnWorker.ts';
import { WorkerQueue } from '../workers/workerQueue.ts';
import type { Recogniser, Transcript } from './recogniser.ts';

/**
 * The local recogniser: Moonshine tiny for English, in one worker thread on one core, for all calls of the process.
 * Requests are served in order; give those that lose their use with time a deadline. A thread that dies is replaced
 * at the next request. Rejections are `VA_LOCAL_MODEL`.
 */
export function createMoonshine(
  options: { clock?: Clock } = {},
): Recogniser & Required<Pick<Recogniser, 'hear'>> {
  const queue = new WorkerQueue({
    clock: options.clock ?? systemClock,
    spawn: () => spawnWorker(import.meta.url, 'moonshineWorker'),
    failure,
  });
  async function hear(pcm: Int16Array, { deadlineMs }: { deadlineMs?: number } = {}) {
    const copy = pcm.slice();
    const heard = await queue.request(
      { type: 'transcribe', pcm: copy },
      { deadlineMs, transfer: [copy.buffer] },
    );
    return heard as Transcript | undefined;
  }
  return {
    async warm() {
      await queue.request({ type: 'warm' });
    },
    hear,
    async transcribe(pcm, options) {
      return (await hear(pcm, options))?.text;
    },
    close: () => queue.close(),
  };
}

function failure(reason: string): VoiceAgentError {
  return new VoiceAgentError(
    'VA_LOCAL_MODEL',
    `The local speech recogniser (Moonshine) failed: ${reason}. Its files come with npm packages: reinstall them with \`npm ci\`.`,
  );
}
