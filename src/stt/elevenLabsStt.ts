import { type AdapterLog, silentLog } from '../elevenlabs/adapterLog.ts';
import { socketUrl } from '../elevenlabs/socketUrl.ts';
import type { Clock } from '../time/clock.ts';
import type { SpeechToText } from './speechToText.ts';
import { ElevenLabsSttStream } from './sttStream.ts';
import { STT_TUNING, type SttTuning } from './sttTuning.ts';

export interface ElevenLabsSttOptions {
  readonly apiKey: string;
  /** `https://api.elevenlabs.io`, a regional host, or a stand-in's origin. */
  readonly baseUrl: string;
  /** ISO 639-1 or 639-3. A region (`en-GB`) is cut off: the vendor refuses it. */
  readonly language: string;
  /** Default `scribe_v2_realtime`. */
  readonly model?: string;
  readonly clock: Clock;
  readonly log?: AdapterLog;
  readonly tuning?: Partial<SttTuning>;
}

/** ElevenLabs realtime speech-to-text: `/v1/speech-to-text/realtime`, `pcm_16000`, manual commits. */
export function createElevenLabsStt(options: ElevenLabsSttOptions): SpeechToText {
  const url = socketUrl(options.baseUrl, '/v1/speech-to-text/realtime', {
    model_id: options.model ?? 'scribe_v2_realtime',
    audio_format: 'pcm_16000',
    commit_strategy: 'manual',
    language_code: options.language.split(/[-_]/)[0],
  });
  const stream = {
    url,
    apiKey: options.apiKey,
    clock: options.clock,
    log: options.log ?? silentLog,
    tuning: { ...STT_TUNING, ...options.tuning },
  };
  return { open: (listener) => new ElevenLabsSttStream(stream, listener) };
}
