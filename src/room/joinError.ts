import { VoiceAgentError } from '../errors.ts';

/** A compact JWT: LiveKit repeats a refused token in its answer. */
const TOKEN = /eyJ[\w-]*(\.[\w-]*)*/g;

/** What to do about a failed connect. rtc-node gives nothing but a message, and that may hold the token. */
export function joinError(error: unknown, url: string): VoiceAgentError {
  const said = (error instanceof Error ? error.message : String(error)).replace(TOKEN, '<token>');
  const cause = new Error(said);
  if (/\b40[13]\b/.test(said)) {
    return new VoiceAgentError(
      'VA_ROOM_AUTH',
      `LiveKit at ${url} refused our token: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair that this server knows, and check this machine's time (${said}).`,
      { cause },
    );
  }
  return new VoiceAgentError(
    'VA_ROOM_UNREACHABLE',
    `LiveKit at ${url} could not be reached: check LIVEKIT_URL (ws:// or wss://) and that the server is running (${said}).`,
    { cause, retryable: true },
  );
}
