import { TTS_FORMATS } from './wireAudio.ts';

export interface TtsConfig {
  readonly modelId: string;
  readonly format: string;
  readonly autoMode: boolean;
  readonly syncAlignment: boolean;
  readonly inactivityMs: number;
}

export interface Rejection {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly param: string;
}

const TTS_MODELS = [
  'eleven_flash_v2_5',
  'eleven_flash_v2',
  'eleven_turbo_v2_5',
  'eleven_turbo_v2',
  'eleven_multilingual_v2',
  'eleven_multilingual_v1',
  'eleven_monolingual_v1',
];

/** Parameters of both sockets; a rejection is the answer to the upgrade. */
export function parseTtsQuery(query: URLSearchParams): TtsConfig | Rejection {
  const modelId = query.get('model_id') ?? 'eleven_multilingual_v2';
  if (!TTS_MODELS.includes(modelId)) {
    return {
      status: 400,
      type: 'validation_error',
      code: 'unsupported_model',
      message: `Model '${modelId}' is not supported on the text-to-speech websocket endpoint. Use the text-to-dialogue websocket endpoint instead.`,
      param: 'model_id',
    };
  }
  const format = query.get('output_format') ?? 'mp3_44100_128';
  const inactivity = Number(query.get('inactivity_timeout') ?? 20);
  return (
    rejectFormat(format) ?? {
      modelId,
      format,
      autoMode: query.get('auto_mode') === 'true',
      syncAlignment: query.get('sync_alignment') === 'true',
      inactivityMs: (Number.isFinite(inactivity) ? Math.min(Math.max(inactivity, 1), 180) : 20) * 1000,
    }
  );
}

/** The vendor has compressed formats too, the stand-in has not. */
export function rejectFormat(format: string): Rejection | undefined {
  if (TTS_FORMATS.some((known) => known === format)) return undefined;
  return {
    status: 400,
    type: 'validation_error',
    code: 'unsupported_output_format',
    message: `The offline voice speaks ${TTS_FORMATS.join(', ')}, not '${format}': set output_format.`,
    param: 'output_format',
  };
}

/** `{"detail":{…}}` as the vendor words it. */
export function detailBody(type: string, code: string, message: string, extra: object = {}): object {
  return { detail: { type, code, message, status: code, request_id: requestId(), ...extra } };
}

export function requestId(): string {
  return Math.random().toString(36).slice(2, 14).padEnd(12, '0');
}
