import { createHmac, randomBytes } from 'node:crypto';
import { badRequest } from './apiError.ts';
import type { Message } from './wire.ts';

const secret = randomBytes(16);

/** The value that ties a thinking block to its text. */
export function signThinking(thinking: string): string {
  return createHmac('sha256', secret).update(thinking).digest('base64');
}

/** Refuses thinking of the latest assistant message that is not as it was sent. */
export function checkThinking(messages: readonly Message[]): void {
  const latest = messages.findLast((message) => message.role === 'assistant');
  for (const block of latest?.content ?? []) {
    if (block.type === 'thinking' && block.signature !== signThinking(block.thinking)) {
      throw badRequest(
        '`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified',
      );
    }
  }
}
