import { redact } from '../elevenlabs/redact.ts';
import { SETTING } from '../elevenlabs/settingNames.ts';
import type { SocketEnd } from '../elevenlabs/vendorSocket.ts';
import { VoiceAgentError } from '../errors.ts';
import type { SttErrorType } from './sttFrames.ts';

/** Why a connection ended. `terminal`: connecting again cannot help until somebody changes something. */
export interface SttFailure {
  readonly terminal: boolean;
  readonly error: VoiceAgentError;
}

const NAME = 'ElevenLabs speech-to-text';

function lost(message: string, cause?: unknown): SttFailure {
  return {
    terminal: false,
    error: new VoiceAgentError('VA_STT_FAILED', message, { cause, retryable: true }),
  };
}

function given(message: string): SttFailure {
  return { terminal: true, error: new VoiceAgentError('VA_STT_FAILED', message) };
}

function refusedKey(said: string): SttFailure {
  const message = `ElevenLabs refused the key for speech-to-text${said}: set ${SETTING.key} to a valid key.`;
  return { terminal: true, error: new VoiceAgentError('VA_STT_AUTH', message) };
}

const quote = (text: string, apiKey: string) =>
  text === '' ? '' : ` ("${redact(text, apiKey).slice(0, 300)}")`;

/** `started`: whether the session had been accepted; before that a rejected parameter stays rejected. */
export function failureOfFrame(
  type: SttErrorType,
  text: string,
  apiKey: string,
  started: boolean,
): SttFailure {
  const said = quote(text, apiKey);
  switch (type) {
    case 'auth_error':
      return refusedKey(said);
    case 'quota_exceeded':
      return given(`${NAME}: the quota is used up${said}: add credit or use another key in ${SETTING.key}.`);
    case 'unaccepted_terms':
      return given(`${NAME}: the account has not accepted the terms${said}: accept them at elevenlabs.io.`);
    case 'invalid_request':
      if (started) break;
      return given(`${NAME} rejected its settings${said}: check ${SETTING.sttModel} and the language.`);
  }
  return lost(`${NAME} ended the session with ${type}${said}.`);
}

export function failureOfEnd(end: SocketEnd, apiKey: string): SttFailure {
  switch (end.type) {
    case 'refused':
      return failureOfStatus(end.status, quote(end.body, apiKey));
    case 'broken':
      return lost(
        `The connection to ${NAME} was lost${quote(end.error?.message ?? '', apiKey)}: check the network and ${SETTING.baseUrl}.`,
        end.error,
      );
    case 'closed':
      return lost(`${NAME} closed the connection (code ${end.code}${quote(end.reason, apiKey)}).`);
  }
}

function failureOfStatus(status: number, said: string): SttFailure {
  if (status === 401 || status === 403) return refusedKey(said);
  if (status === 408 || status === 429 || status >= 500) {
    return lost(`${NAME} answered HTTP ${status}${said}.`);
  }
  return given(`${NAME} answered HTTP ${status}${said}: check ${SETTING.baseUrl} and ${SETTING.sttModel}.`);
}

export function sessionTimeout(ms: number): SttFailure {
  return lost(`${NAME} did not start a session within ${ms} ms: check the network and ${SETTING.baseUrl}.`);
}

export function answerTimeout(ms: number): SttFailure {
  return lost(`${NAME} did not answer a commit within ${Math.round(ms)} ms.`);
}

export function retriesSpent(attempts: number, last: VoiceAgentError): VoiceAgentError {
  return new VoiceAgentError('VA_STT_FAILED', `${NAME} failed ${attempts} times in a row. ${last.message}`, {
    cause: last,
  });
}
