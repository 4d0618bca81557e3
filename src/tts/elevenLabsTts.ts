import { type AdapterLog, silentLog } from '../elevenlabs/adapterLog.ts';
import { socketUrl } from '../elevenlabs/socketUrl.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { SpeechChunk, TextToSpeech } from './textToSpeech.ts';
import { TtsSocketPool } from './ttsSocketPool.ts';
import { TTS_TUNING, type TtsTuning } from './ttsTuning.ts';
import { Utterance } from './utterance.ts';

export interface ElevenLabsTtsOptions {
  readonly apiKey: string;
  /** `https://api.elevenlabs.io`, a regional host, or a stand-in's origin. */
  readonly baseUrl: string;
  readonly voiceId: string;
  /** Default `eleven_flash_v2_5`. v3 and v4 models are not served on this socket. */
  readonly model?: string;
  /** ISO 639-1; a region is cut off (it silently yields no audio). Sent for the v2.5 models only. */
  readonly language?: string;
  readonly clock: Clock;
  readonly log?: AdapterLog;
  readonly tuning?: Partial<TtsTuning>;
}

/**
 * ElevenLabs streaming text-to-speech: `multi-stream-input`, `pcm_24000`, one context per utterance.
 * `auto_mode` is on: it generates each message by itself, which is right for whole clauses (and only for them).
 */
export function createElevenLabsTts(options: ElevenLabsTtsOptions): TextToSpeech {
  const model = options.model ?? 'eleven_flash_v2_5';
  const path = `/v1/text-to-speech/${encodeURIComponent(options.voiceId)}/multi-stream-input`;
  const { clock } = options;
  const tuning = { ...TTS_TUNING, ...options.tuning };
  const pool = new TtsSocketPool({
    url: socketUrl(options.baseUrl, path, {
      model_id: model,
      output_format: 'pcm_24000',
      inactivity_timeout: '180',
      sync_alignment: 'true',
      auto_mode: 'true',
      language_code: model.endsWith('_v2_5') ? options.language?.split(/[-_]/)[0] : undefined,
    }),
    apiKey: options.apiKey,
    clock,
    log: options.log ?? silentLog,
    tuning,
  });
  const silence = { wasSilent: false };
  return {
    async warm() {
      const socket = pool.current();
      await socket.opened;
      await Promise.race([sleep(clock, tuning.settleMs), socket.ended]);
      if (socket.endedWith) throw socket.endedWith;
    },
    speak: (clauses, { signal }) => speak(new Utterance({ pool, clock, tuning, silence }), clauses, signal),
    close: () => pool.close(),
  };
}

async function* speak(
  utterance: Utterance,
  clauses: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<SpeechChunk> {
  if (signal.aborted) return;
  const source = clauses[Symbol.asyncIterator]();
  const over = new AbortController();
  const stop = () => {
    over.abort();
    utterance.cancel();
  };
  signal.addEventListener('abort', stop, { once: true });
  feed(utterance, source, over.signal).catch((error: unknown) => utterance.fail(error));
  try {
    yield* utterance.chunks;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    // Not awaited: a source that is waiting for its own next clause answers only then.
    source.return?.().catch(() => {});
  }
}

async function feed(utterance: Utterance, source: AsyncIterator<string>, over: AbortSignal): Promise<void> {
  utterance.prepare();
  const stopped = new Promise<undefined>((resolve) => {
    over.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  for (;;) {
    const next = await Promise.race([source.next(), stopped]);
    if (next === undefined || over.aborted) return;
    if (next.done) break;
    const clause = next.value.trim();
    if (clause !== '') await utterance.say(clause);
  }
  utterance.finish();
}
