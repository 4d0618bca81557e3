import type { ComposedMessage } from './composeMessage.ts';

/** One server-sent event. */
export interface StreamEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whether it carries new content, and so costs a token's time. */
  readonly isDelta: boolean;
}

const PING = { name: 'ping', data: { type: 'ping' }, isDelta: false };
/** Clients must pass over event types that they do not know. */
const UNKNOWN = { name: 'vendor_notice', data: { type: 'vendor_notice', detail: 'new' }, isDelta: false };
const DELTAS_PER_PING = 20;

/** The whole stream of one reply in the vendor's order, with pings and, every other time, an event type nobody knows. */
export function* streamEvents(message: ComposedMessage, requestNumber: number): Generator<StreamEvent> {
  yield event('message_start', { message: { ...messageBody(message), content: [], stop_reason: null } });
  yield PING;
  let deltas = 0;
  for (const [index, block] of message.blocks.entries()) {
    yield event('content_block_start', { index, content_block: block.start });
    for (const delta of block.deltas) {
      yield { ...event('content_block_delta', { index, delta }), isDelta: true };
      deltas += 1;
      if (deltas % DELTAS_PER_PING === 0) yield PING;
      if (deltas === 2 && requestNumber % 2 === 0) yield UNKNOWN;
    }
    yield event('content_block_stop', { index });
  }
  yield event('message_delta', {
    delta: {
      stop_reason: message.stopReason,
      stop_sequence: null,
      stop_details: stopDetails(message),
      container: null,
    },
    usage: { output_tokens: message.outputTokens },
  });
  yield event('message_stop', {});
}

/** The same reply as one JSON body. */
export function messageBody(message: ComposedMessage): Record<string, unknown> {
  return {
    id: message.id,
    type: 'message',
    role: 'assistant',
    model: message.model,
    content: message.blocks.map((block) => block.whole),
    stop_reason: message.stopReason,
    stop_sequence: null,
    stop_details: stopDetails(message),
    container: null,
    usage: { input_tokens: message.inputTokens, output_tokens: message.outputTokens },
  };
}

function stopDetails(message: ComposedMessage): object | null {
  return message.stopReason === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null;
}

function event(name: string, fields: Record<string, unknown>): StreamEvent {
  return { name, data: { type: name, ...fields }, isDelta: false };
}
