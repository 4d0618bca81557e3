import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { VoiceAgentError } from '../errors.ts';
import { BatchBusyError } from './batchBusy.ts';

/** Reads the client's errors: what they mean for us, and what a person is told. */
export interface DoublewordErrors {
  /** Runs `work`; whatever it throws becomes a `VoiceAgentError` that names the cure. */
  explained<T>(work: () => Promise<T>): Promise<T>;
  isKeyRefusal(error: unknown): boolean;
  /** No answer, or none that could be read to its end. */
  isConnection(error: unknown): boolean;
  /** Worth repeating as it is. */
  isPassing(error: unknown): boolean;
  /** Whether the vendor may have done what was asked all the same. */
  isUnclear(error: unknown): boolean;
  isWindowRefusal(error: unknown): boolean;
  /** The vendor says so itself: any other 404 comes from a server that is not the vendor's API. */
  isUnknownId(error: unknown): boolean;
  retryAfterMs(error: unknown): number | undefined;
  unknownModel(available: readonly string[]): VoiceAgentError;
}

const MAX_QUOTE = 200;

export function wrongBaseUrl(baseUrl: string): VoiceAgentError {
  return new VoiceAgentError(
    'VA_BATCH_FAILED',
    `${baseUrl} is not Doubleword's API: set DOUBLEWORD_BASE_URL to its address with the path, such as https://api.doubleword.ai/v1.`,
  );
}

export function createDoublewordErrors(settings: {
  readonly apiKey: string;
  readonly model: string;
  readonly baseUrl: string;
}): DoublewordErrors {
  const statusOf = (error: unknown) => (error instanceof APIError ? error.status : undefined);
  const textOf = (error: unknown) => quote(error instanceof Error ? error.message : String(error));
  const quote = (text: string) =>
    text
      .replaceAll(settings.apiKey || '\0', '[key]')
      .replace(/\s+/g, ' ')
      .slice(0, MAX_QUOTE);
  const isAbort = (error: unknown) =>
    error instanceof APIUserAbortError || (error instanceof DOMException && error.name === 'AbortError');
  /** The client words only what fails before the headers; an answer that breaks off after them rejects as `fetch` does. */
  const isBrokenOff = (error: unknown) =>
    !(error instanceof APIError || error instanceof VoiceAgentError || isAbort(error));
  const isConnection = (error: unknown) => error instanceof APIConnectionError || isBrokenOff(error);
  const isAbout = (error: unknown, pattern: RegExp) =>
    error instanceof APIError && pattern.test(error.message);
  const isWindowRefusal = (error: unknown) =>
    statusOf(error) === 400 && isAbout(error, /completion[_ ]window/i);
  const isUnknownId = (error: unknown) =>
    (statusOf(error) === 404 && isAbout(error, /\b(?:Batch|File) with ID \S+ not found/i)) ||
    (statusOf(error) === 400 && isAbout(error, /Invalid (?:batch|file) ID/i));

  const unknownModel = (available: readonly string[]) => {
    const some = available.slice(0, 5).join(', ');
    return new VoiceAgentError(
      'VA_BATCH_MODEL',
      `Doubleword does not offer the model ${settings.model}: set BATCH_MODEL to one that it offers${some ? ` (${some})` : ''}.`,
    );
  };

  const retryAfterMs = (error: unknown) => {
    const seconds = error instanceof APIError ? Number(error.headers?.get('retry-after')) : Number.NaN;
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
  };

  const failed = (message: string, cause: unknown, retryable = false) => {
    const pause = retryAfterMs(cause);
    return retryable && pause !== undefined
      ? new BatchBusyError(message, { cause, retryAfterMs: pause })
      : new VoiceAgentError('VA_BATCH_FAILED', message, { cause, retryable });
  };

  const explain = (error: unknown): VoiceAgentError => {
    if (error instanceof VoiceAgentError) return error;
    if (isAbort(error)) return failed('The request to Doubleword was stopped.', error, true);
    if (isBrokenOff(error)) {
      return failed(
        `The connection to Doubleword at ${settings.baseUrl} broke off (${textOf(error)}): check the network.`,
        error,
        true,
      );
    }
    if (isConnection(error)) {
      return failed(
        `Doubleword cannot be reached at ${settings.baseUrl}: check the network and DOUBLEWORD_BASE_URL.`,
        error,
        true,
      );
    }
    const status = statusOf(error);
    if (isAbout(error, /Model '/) && !isWindowRefusal(error)) {
      return new VoiceAgentError(
        'VA_BATCH_MODEL',
        `Doubleword refused the model ${settings.model}: set BATCH_MODEL to a chat model that your account may use in batches (${textOf(error)}).`,
        { cause: error },
      );
    }
    if (status === 401) {
      return new VoiceAgentError(
        'VA_BATCH_AUTH',
        'Doubleword refused the key: set DOUBLEWORD_API_KEY to a valid key.',
        { cause: error },
      );
    }
    if (status === 403) {
      return new VoiceAgentError(
        'VA_BATCH_AUTH',
        `Doubleword does not allow this with the key in DOUBLEWORD_API_KEY: use one with access to batches (${textOf(error)}).`,
        { cause: error },
      );
    }
    if (status === 402) {
      return failed(
        `The Doubleword account has no credit left: add credits and try again (${textOf(error)}).`,
        error,
      );
    }
    if (status === 405 || (status === 404 && !isUnknownId(error))) return wrongBaseUrl(settings.baseUrl);
    if (status === 429) {
      return failed(
        'Doubleword takes no more requests from this account just now: try again in a minute.',
        error,
        true,
      );
    }
    if (status !== undefined && (status >= 500 || status === 408)) {
      return failed(`Doubleword has trouble just now (${textOf(error)}): try again later.`, error, true);
    }
    return failed(`Doubleword refused the request: ${textOf(error)}.`, error);
  };

  return {
    unknownModel,
    isConnection,
    isWindowRefusal,
    async explained(work) {
      try {
        return await work();
      } catch (error) {
        throw explain(error);
      }
    },
    isKeyRefusal: (error) => statusOf(error) === 401 || statusOf(error) === 403,
    isPassing(error) {
      const status = statusOf(error);
      return (
        isConnection(error) || (status !== undefined && (status >= 500 || status === 429 || status === 408))
      );
    },
    isUnclear(error) {
      const status = statusOf(error);
      return isConnection(error) || (status !== undefined && (status >= 500 || status === 408));
    },
    isUnknownId,
    retryAfterMs,
  };
}
