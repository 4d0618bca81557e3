/**
 * Every error that a person may see. `code` is stable and starts with `VA_`; the message names the cure.
 * Secrets never appear in a message: adapters redact what vendors echo back before it gets here.
 */
export type ErrorCode =
  | 'VA_CONFIG'
  | 'VA_STT_AUTH'
  | 'VA_STT_FAILED'
  | 'VA_TTS_AUTH'
  | 'VA_TTS_FAILED'
  | 'VA_LLM_AUTH'
  | 'VA_LLM_MODEL'
  | 'VA_LLM_FAILED'
  | 'VA_BATCH_AUTH'
  | 'VA_BATCH_MODEL'
  | 'VA_BATCH_FAILED'
  | 'VA_ROOM_AUTH'
  | 'VA_ROOM_UNREACHABLE'
  | 'VA_ROOM_CLOSED'
  | 'VA_CALLS_FULL'
  | 'VA_STORE'
  | 'VA_TOOL'
  | 'VA_LOCAL_MODEL'
  | 'VA_LIVEKIT_SERVER'
  | 'VA_QUEUE'
  | 'VA_SERVER'
  | 'VA_REPLAY';

export class VoiceAgentError extends Error {
  override readonly name = 'VoiceAgentError';
  readonly code: ErrorCode;
  /** Whether the same call may succeed later (a network fault, an overload) without anybody changing a setting. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
