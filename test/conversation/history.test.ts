import { describe, expect, it } from 'vitest';
import { appendSpoken, type History, settleSpoken, toMessages } from '../../src/conversation/history.ts';

const user = (text: string) => ({ kind: 'user', text }) as const;
const heard = (utteranceId: string, text: string) =>
  ({ kind: 'assistant', utteranceId, text, status: 'heard' }) as const;
const call = (id: string) =>
  ({ kind: 'toolUse', use: { type: 'toolUse', id, name: 'look', input: {} } }) as const;
const result = (toolUseId: string) =>
  ({ kind: 'toolResult', toolUseId, content: `${toolUseId} done`, isError: false }) as const;

/** user/assistant with the kinds of their parts, for short expectations. */
const outline = (history: History) =>
  toMessages(history).map(({ role, content }) => `${role}: ${content.map(({ type }) => type).join(' ')}`);

describe('toMessages', () => {
  it('begins with the user even when the agent spoke first', () => {
    expect(outline([heard('a', 'Hello!'), user('Hi')])).toEqual([
      'user: text',
      'assistant: text',
      'user: text',
    ]);
  });

  it('merges what the user said around a reply that nobody heard', () => {
    expect(toMessages([user('I would like to'), user('know the time.')])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'I would like to' },
          { type: 'text', text: 'know the time.' },
        ],
      },
    ]);
  });

  it('puts results right after their calls, whatever happened in between', () => {
    const history: History = [
      user('Plan it'),
      heard('a', 'Sure.'),
      call('t1'),
      call('t2'),
      user('Wait'),
      result('t2'),
      result('t1'),
    ];
    expect(outline(history)).toEqual([
      'user: text',
      'assistant: text toolUse toolUse',
      'user: toolResult toolResult text',
    ]);
  });

  it('never puts text behind a tool call in one message', () => {
    expect(outline([user('Plan it'), call('t1'), heard('n', 'A notice.'), result('t1')])).toEqual([
      'user: text',
      'assistant: toolUse',
      'user: toolResult',
      'assistant: text',
      'user: text',
    ]);
  });

  it('answers calls that are still running', () => {
    expect(toMessages([user('Plan it'), call('t1'), user('And?')]).at(-1)?.content[0]).toMatchObject({
      type: 'toolResult',
      content: 'Still running.',
    });
  });

  it('marks events, so that the model does not take them for words of the caller', () => {
    expect(toMessages([{ kind: 'event', text: 'Joined.' }])[0]?.content).toEqual([
      { type: 'text', text: '<event>Joined.</event>' },
    ]);
  });

  it('leaves out speech of white space only', () => {
    expect(outline([user('Hi'), appendSpoken([], 'a', '  ')[0] ?? user('')])).toEqual(['user: text']);
  });

  it('stays valid for a very long call', () => {
    const long = Array.from({ length: 500 }, (_, i) => [
      user(`u${i}`),
      call(`t${i}`),
      result(`t${i}`),
    ]).flat();
    const messages = toMessages(long);
    expect(messages[0]).toMatchObject({ role: 'user', content: [{ type: 'text' }] });
    expect(messages.length).toBeLessThan(450);
  });
});

describe('what was heard', () => {
  it('replaces what was generated', () => {
    const history = appendSpoken(appendSpoken([user('Hi')], 'a', 'Hello, how '), 'a', 'are you?');
    expect(settleSpoken(history, 'a', 'Hello, how')).toEqual([user('Hi'), heard('a', 'Hello, how')]);
  });

  it('leaves no trace of an utterance nobody heard', () => {
    expect(settleSpoken(appendSpoken([user('Hi')], 'a', 'Hello'), 'a', ' ')).toEqual([user('Hi')]);
  });

  it('does not change once it is settled', () => {
    const settled = settleSpoken(appendSpoken([], 'a', 'Hello there'), 'a', 'Hello');
    expect(appendSpoken(settled, 'a', ' there')).toEqual(settled);
  });
});
