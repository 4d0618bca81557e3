import { chatCompletion } from '../../src/offline/doubleword/chatCompletion.ts';
import { lastUserText } from '../../src/offline/doubleword/lastUserText.ts';
import type { Upstream, UpstreamAnswer } from '../../src/offline/doubleword/upstream.ts';

const USAGE = { prompt: 7, completion: 5 };

/** The model behind the recorded server: echoes, except where the text in double brackets says otherwise. */
export function createRigUpstream(seconds: () => number, delays: Readonly<Record<string, number>>): Upstream {
  return (body, attempt): UpstreamAnswer => {
    const text = lastUserText(body);
    const [, command = '', argument = ''] = /^\[\[(\w+)(?: (\d+))?\]\]/.exec(text) ?? [];
    const afterMs = command === 'slow' ? Number(argument) : (delays[text] ?? 250);
    const answer = (status: number, content: unknown): UpstreamAnswer => ({
      kind: 'answer',
      status,
      body: content,
      afterMs,
    });
    const chat = (content: string | null, more: { reasoning?: string; finishReason?: 'length' } = {}) =>
      answer(200, chatCompletion(body, { content, usage: USAGE, ...more }, seconds()));
    const error = (status: number) => {
      const type = status >= 500 ? 'server_error' : 'invalid_request_error';
      const message = `upstream says ${status}`;
      return answer(status, { error: { message, type, param: null, code: null } });
    };
    if (command === 'null') return chat(null, { reasoning: 'thinking' });
    if (command === 'length') return chat(`echo: ${text}`, { finishReason: 'length' });
    if (command === 'text') return answer(200, 'plain text');
    if (command === 'reset') return { kind: 'networkError', error: 'connection reset by peer', afterMs };
    if (command === 'flaky') return attempt <= 2 ? error(500) : chat('echo: at last');
    if (/^\d+$/.test(command)) return error(Number(command));
    return chat(`echo: ${text}`);
  };
}
