import { INPUT_RATE } from '../audio/format.ts';

/** Error types of the realtime socket; each is followed by a close, so all are terminal for the connection. */
export const STT_ERROR_TYPES = [
  'auth_error',
  'quota_exceeded',
  'transcriber_error',
  'input_error',
  'invalid_request',
  'error',
  'commit_throttled',
  'unaccepted_terms',
  'rate_limited',
  'queue_overflow',
  'resource_exhausted',
  'session_time_limit_exceeded',
  'chunk_size_exceeded',
  'insufficient_audio_activity',
] as const;
export type SttErrorType = (typeof STT_ERROR_TYPES)[number];

export type SttFrame =
  | { readonly type: 'started'; readonly sessionId: string }
  | { readonly type: 'partial'; readonly text: string }
  | { readonly type: 'committed'; readonly text: string; readonly timed: boolean }
  | { readonly type: 'error'; readonly error: SttErrorType; readonly text: string }
  | { readonly type: 'warning'; readonly text: string }
  /** Not needed here, or not known to us: logged, never fatal. */
  | { readonly type: 'other'; readonly name: string };

/** One frame of the server; undefined when it is no JSON object. */
export function parseSttFrame(raw: string): SttFrame | undefined {
  let data: unknown;
  try {
    data = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null) return undefined;
  const text = (name: string): string => {
    const value: unknown = Reflect.get(data, name);
    return typeof value === 'string' ? value : '';
  };
  const name = text('message_type');
  switch (name) {
    case 'session_started':
      return { type: 'started', sessionId: text('session_id') };
    case 'partial_transcript':
      return { type: 'partial', text: text('text') };
    case 'committed_transcript':
      return { type: 'committed', text: text('text'), timed: false };
    case 'committed_transcript_with_timestamps':
      return { type: 'committed', text: text('text'), timed: true };
    case 'warning':
      return { type: 'warning', text: text('warning') };
  }
  const error = STT_ERROR_TYPES.find((type) => type === name);
  return error ? { type: 'error', error, text: text('error') } : { type: 'other', name };
}

/** The one message type of the client. */
export function audioMessage(pcm: Int16Array, options: { commit?: boolean } = {}): string {
  return JSON.stringify({
    message_type: 'input_audio_chunk',
    audio_base_64: Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64'),
    commit: options.commit ?? false,
    sample_rate: INPUT_RATE,
  });
}
