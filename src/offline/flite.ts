import { VoiceAgentError } from '../errors.ts';
import { systemClock } from '../time/systemClock.ts';
import { spawnWorker } from '../workers/spawnWorker.ts';
import { WorkerQueue } from '../workers/workerQueue.ts';
import { FLITE_VOICES } from './fliteVoices.ts';
import type { Voice } from './voice.ts';

/**
 * The local synthesiser: Flite, compiled to WASI, in a worker thread of its own. Texts are spoken in order, one at a
 * time; a text without anything to say gives no samples. Rejections are `VA_LOCAL_MODEL`.
 */
export function createFlite(): Voice {
  const queue = new WorkerQueue({
    clock: systemClock,
    spawn: () => spawnWorker(import.meta.url, 'fliteWorker'),
    failure,
  });
  return {
    async warm() {
      await queue.request({ type: 'warm' });
    },
    async say(text, voice) {
      if (!FLITE_VOICES.some((known) => known === voice)) {
        throw new VoiceAgentError(
          'VA_LOCAL_MODEL',
          `The local voice (Flite) has no voice '${voice}': use one of ${FLITE_VOICES.join(', ')}.`,
        );
      }
      const pcm = await queue.request({ type: 'say', text, voice });
      return pcm instanceof Int16Array ? pcm : new Int16Array(0);
    },
    close: () => queue.close(),
  };
}

function failure(reason: string): VoiceAgentError {
  return new VoiceAgentError(
    'VA_LOCAL_MODEL',
    `The local voice (Flite) failed: ${reason}. It comes with an npm package: reinstall it with \`npm ci\`.`,
  );
}
