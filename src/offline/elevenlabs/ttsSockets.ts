import type { WebSocket } from 'ws';
import type { Clock } from '../../time/clock.ts';
import type { Behaviour } from './behaviour.ts';
import type { Faults } from './faults.ts';
import type { Spoken } from './speaker.ts';
import { TtsContext } from './ttsContext.ts';
import { parseTtsMessage, type TtsMessage } from './ttsMessage.ts';
import { TTS_ERRORS, TtsPeer } from './ttsPeer.ts';
import type { TtsConfig } from './ttsQuery.ts';

export interface TtsSocketOptions {
  readonly socket: WebSocket;
  readonly config: TtsConfig;
  readonly voiceId: string;
  /** Undefined: the voice is unknown. */
  readonly say: ((text: string) => Promise<Spoken>) | undefined;
  readonly behaviour: Behaviour;
  readonly faults: Faults;
  readonly clock: Clock;
  /** `pending`: no credentials yet; the first message has to bring them. */
  readonly credentials: 'good' | 'bad' | 'pending';
  readonly isGoodKey: (key: string | undefined) => boolean;
  /** Told the number of open contexts whenever it grows. */
  readonly onContexts: (open: number) => void;
}

/** `stream-input`: one stream of text, ended by an empty one. */
export function serveSingle(options: TtsSocketOptions): void {
  const peer = new TtsPeer(options);
  let context: TtsContext | undefined;
  peer.over.addEventListener('abort', () => context?.dispose());
  const open = () =>
    new TtsContext({
      ...options,
      peer,
      say: options.say ?? unknownVoice,
      contextId: undefined,
      onDone: () => {
        peer.send({ alignment: null, audio: null, isFinal: true, normalizedAlignment: null });
        peer.closeCleanly(options.behaviour.latency.ttsEndCloseMs);
      },
      onTimeout: () => peer.fail('input_timeout_exceeded', inputTimeout(options)),
    });
  receive(options, peer, (message) => {
    const isFirst = context === undefined;
    context ??= open();
    if (context.isEnded) return;
    if (message.text === '') {
      context.end({ flush: true });
      return;
    }
    take(peer, context, message, isFirst);
  });
}

/** `multi-stream-input`: up to five streams of text at once, each with its own id. */
export function serveMulti(options: TtsSocketOptions): void {
  const peer = new TtsPeer(options);
  const contexts = new Map<string, TtsContext>();
  const { behaviour } = options;
  peer.over.addEventListener('abort', () => {
    for (const context of contexts.values()) context.dispose();
    contexts.clear();
  });

  let isClosing = false;
  const closeIfDone = () => {
    if (isClosing && contexts.size === 0) peer.closeCleanly(0);
  };
  const finish = (id: string) => {
    contexts.delete(id);
    peer.send({ [behaviour.quirks.finalKey]: true, [behaviour.quirks.contextKey]: id });
    closeIfDone();
  };
  const open = (id: string): TtsContext => {
    const context: TtsContext = new TtsContext({
      ...options,
      peer,
      say: options.say ?? unknownVoice,
      contextId: id,
      onDone: () => finish(id),
      onTimeout: () => {
        if (behaviour.quirks.contextTimeout === 'final') context.end({ flush: false });
        else peer.fail('input_timeout_exceeded', inputTimeout(options), id);
      },
    });
    contexts.set(id, context);
    options.onContexts(contexts.size);
    return context;
  };

  receive(options, peer, (message) => {
    if (isClosing) return;
    if (message.closeSocket) {
      for (const context of contexts.values()) context.end({ flush: false });
      isClosing = true;
      closeIfDone();
      return;
    }
    const known = contexts.get(message.contextId);
    if (known === undefined && contexts.size >= behaviour.limits.ttsContexts) {
      peer.fail(...TTS_ERRORS.contexts);
      return;
    }
    const context = known ?? open(message.contextId);
    if (!context.isEnded) take(peer, context, message, known === undefined);
    if (message.closeContext) context.end({ flush: false });
  });
}

/** Common to both: credentials first, then messages until the socket has failed. */
function receive(options: TtsSocketOptions, peer: TtsPeer, handle: (message: TtsMessage) => void): void {
  let isTrusted = options.credentials === 'good';
  if (options.credentials === 'bad') peer.fail(...TTS_ERRORS.key);
  options.socket.on('message', (data) => {
    if (peer.isFailed) return;
    const message = parseTtsMessage(data.toString());
    if (message === undefined) {
      peer.fail(...TTS_ERRORS.json);
      return;
    }
    isTrusted ||= options.isGoodKey(message.key);
    if (!isTrusted) {
      peer.fail(...TTS_ERRORS.key);
      return;
    }
    const hasText = (message.text ?? '').trim() !== '';
    if (hasText && options.say === undefined) {
      peer.fail('voice_id_does_not_exist', `A voice with voice_id ${options.voiceId} does not exist.`);
      return;
    }
    if (hasText && peer.suffer('text', message.contextId)) return;
    handle(message);
  });
}

function take(peer: TtsPeer, context: TtsContext, message: TtsMessage, isFirst: boolean): void {
  context.touch();
  if (!context.configure(message.voiceSettings, message.generationConfig, isFirst)) {
    peer.fail(...TTS_ERRORS.settings);
    return;
  }
  if (message.text) context.text(message.text, message);
  else if (message.flush) context.flush();
}

function inputTimeout({ config }: TtsSocketOptions): string {
  return `Have not received a new text input within the timeout of ${(config.inactivityMs / 1000).toFixed(1)} seconds. Streaming input terminated. Please make sure to either feed the input in the timely manner, or to send the end of input text (empty string "") when done.`;
}

/** Never reached: text for an unknown voice has failed the socket before it gets here. */
function unknownVoice(): Promise<Spoken> {
  return Promise.reject(new Error('unknown voice'));
}
