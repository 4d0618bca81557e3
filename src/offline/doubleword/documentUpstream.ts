import { chatCompletion } from './chatCompletion.ts';
import { writeDocument } from './document/writeDocument.ts';
import { lastUserText } from './lastUserText.ts';
import type { Upstream } from './upstream.ts';

const CHARACTERS_PER_TOKEN = 4;

/** The stand-in's model: writes a long document about what was asked, cut at `max_tokens` like any model. */
export function createDocumentUpstream(seconds: () => number): Upstream {
  return (body) => {
    const document = writeDocument(lastUserText(body));
    const limit = typeof body.max_tokens === 'number' ? body.max_tokens * CHARACTERS_PER_TOKEN : Infinity;
    const cut = document.length > limit;
    const content = cut ? document.slice(0, limit) : document;
    const finishReason = cut ? 'length' : 'stop';
    return { kind: 'answer', status: 200, body: chatCompletion(body, { content, finishReason }, seconds()) };
  };
}
