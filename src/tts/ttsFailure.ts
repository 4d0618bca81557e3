import { redact } from '../elevenlabs/redact.ts';
import { SETTING } from '../elevenlabs/settingNames.ts';
import type { SocketEnd } from '../elevenlabs/vendorSocket.ts';
import { VoiceAgentError } from '../errors.ts';

const NAME = 'ElevenLabs text-to-speech';

const quote = (text: string, apiKey: string) =>
  text === '' ? '' : ` ("${redact(text, apiKey).slice(0, 300)}")`;

function lost(message: string, cause?: unknown): VoiceAgentError {
  return new VoiceAgentError('VA_TTS_FAILED', message, { cause, retryable: true });
}

/** An error frame, or the reason of a close that came without one (the vendor closes with the message as reason). */
export function failureOfCode(code: string, text: string, apiKey: string): VoiceAgentError {
  const said = quote(text, apiKey);
  const about = `${code} ${text}`.toLowerCase();
  const is = (...words: string[]) => words.some((word) => about.includes(word));
  if (
    is(
      'invalid_api_key',
      'invalid api key',
      'authentication_required',
      'authentication_error',
      'unauthorized',
    )
  ) {
    const message = `ElevenLabs refused the key for text-to-speech${said}: set ${SETTING.key} to a valid key.`;
    return new VoiceAgentError('VA_TTS_AUTH', message);
  }
  if (is('voice_id_does_not_exist', 'voice_not_found', 'a voice with voice_id')) {
    return new VoiceAgentError(
      'VA_TTS_FAILED',
      `${NAME} does not know the voice${said}: set ${SETTING.voice} to a voice of this account.`,
    );
  }
  if (is('unsupported_model', 'model_not_found', 'is not supported on the text-to-speech websocket')) {
    return new VoiceAgentError(
      'VA_TTS_FAILED',
      `${NAME} does not serve this model on its streaming socket${said}: set ${SETTING.ttsModel} to eleven_flash_v2_5 or another model that it serves.`,
    );
  }
  if (is('quota_exceeded', 'exceeds your quota', 'credits remaining')) {
    return new VoiceAgentError(
      'VA_TTS_FAILED',
      `${NAME}: the quota is used up${said}: add credit or use another key in ${SETTING.key}.`,
    );
  }
  if (is('detected_unusual_activity', 'unusual activity')) {
    return new VoiceAgentError(
      'VA_TTS_FAILED',
      `${NAME} blocks this account${said}: use a paid plan's key in ${SETTING.key}.`,
    );
  }
  return lost(`${NAME} failed with ${code}${said}.`);
}

export function failureOfEnd(end: SocketEnd, apiKey: string): VoiceAgentError {
  switch (end.type) {
    case 'refused':
      return failureOfStatus(end.status, end.body, apiKey);
    case 'broken':
      return lost(
        `The connection to ${NAME} was lost${quote(end.error?.message ?? '', apiKey)}: check the network and ${SETTING.baseUrl}.`,
        end.error,
      );
    case 'closed':
      return end.reason === ''
        ? lost(`${NAME} closed the connection (code ${end.code}).`)
        : failureOfCode(`close ${end.code}`, end.reason, apiKey);
  }
}

function failureOfStatus(status: number, body: string, apiKey: string): VoiceAgentError {
  const { code, message } = detailOf(body);
  const known = failureOfCode(code, message, apiKey);
  if (!known.retryable) return known;
  if (status === 401 || status === 403) return failureOfCode('unauthorized', message, apiKey);
  const text = `${NAME} answered HTTP ${status}${quote(message, apiKey)}`;
  if (status === 408 || status === 429 || status >= 500) return lost(`${text}.`);
  return new VoiceAgentError(
    'VA_TTS_FAILED',
    `${text}: check ${SETTING.ttsModel}, ${SETTING.voice} and ${SETTING.baseUrl}.`,
  );
}

/** `{"detail":{"status","code","message"}}`, or whatever else was sent. */
function detailOf(body: string): { code: string; message: string } {
  try {
    const detail: unknown = Reflect.get(Object(JSON.parse(body)), 'detail');
    const part = (name: string) => {
      const value: unknown = Reflect.get(Object(detail), name);
      return typeof value === 'string' ? value : '';
    };
    return { code: `${part('code')} ${part('status')}`, message: part('message') };
  } catch {
    return { code: '', message: body };
  }
}

export function connectTimeout(ms: number): VoiceAgentError {
  return lost(`${NAME} was not reached within ${ms} ms: check the network and ${SETTING.baseUrl}.`);
}

/** An exhausted quota can show as plain silence. `again`: the utterance before was silent too. */
export function silenceFailure(ms: number, again: boolean): VoiceAgentError {
  const message = `${NAME} sent no audio for ${ms} ms: the quota of the key in ${SETTING.key} may be used up.`;
  return new VoiceAgentError('VA_TTS_FAILED', message, { retryable: !again });
}

export function closedFailure(): VoiceAgentError {
  return new VoiceAgentError('VA_TTS_FAILED', 'Text-to-speech is closed.');
}
