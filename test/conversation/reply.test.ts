import { describe, expect, it } from 'vitest';
import type { ConversationEvent } from '../../src/conversation/event.ts';
import {
  adoptDraft,
  initialReply,
  oweReply,
  type ReplyState,
  startDraft,
  startReply,
  stepReply,
} from '../../src/conversation/reply.ts';

const owed: ReplyState = { status: 'owed', replies: 0, round: 0 };
const streaming: ReplyState = { status: 'streaming', replies: 1, round: 0, replyId: 'r1', text: '' };
const tools: ReplyState = { status: 'tools', replies: 1, round: 0, pending: ['t1', 't2'] };
const lastTool: ReplyState = { ...tools, pending: ['t1'] };

const ended = (toolUses: string[] = []): ConversationEvent => ({
  type: 'llm.ended',
  replyId: 'r1',
  reason: toolUses.length > 0 ? 'toolUse' : 'end',
  toolUses: toolUses.map((id) => ({ type: 'toolUse', id, name: 'look', input: {} })),
});
const answered = (toolUseId: string): ConversationEvent => ({
  type: 'tool.ended',
  toolUseId,
  content: 'done',
  isError: false,
});

describe('the reply', () => {
  it.each<[string, ReplyState, ConversationEvent, ReplyState['status'], string[]]>([
    [
      'speaks what the model says',
      streaming,
      { type: 'llm.text', replyId: 'r1', text: 'Hi' },
      'streaming',
      ['replyText'],
    ],
    [
      'ignores a reply that was cancelled',
      streaming,
      { type: 'llm.text', replyId: 'r0', text: 'Hi' },
      'streaming',
      [],
    ],
    [
      'ignores words when nothing was asked',
      initialReply,
      { type: 'llm.text', replyId: 'r1', text: 'Hi' },
      'idle',
      [],
    ],
    ['ends', streaming, ended(), 'idle', ['replyEnded']],
    ['runs tools', streaming, ended(['t1']), 'tools', ['replyEnded', 'toolsCalled']],
    ['never runs the tools of a cancelled reply', owed, ended(['t1']), 'owed', []],
    ['fails', streaming, { type: 'llm.failed', replyId: 'r1' }, 'idle', ['replyFailed']],
    ['ignores the failure of a cancelled reply', owed, { type: 'llm.failed', replyId: 'r1' }, 'owed', []],
    ['waits for every tool', tools, answered('t1'), 'tools', ['toolAnswered']],
    ['asks again when the last tool has answered', lastTool, answered('t1'), 'owed', ['toolAnswered']],
    ['ignores an answer to no call', lastTool, answered('t9'), 'tools', []],
  ])('%s', (_name, before, event, status, signals) => {
    const after = stepReply(before, { ...event, at: 0 });
    expect(after.reply.status).toBe(status);
    expect(after.signals.map(({ type }) => type)).toEqual(signals);
  });

  it('counts rounds, so that tools cannot go round for ever', () => {
    expect(stepReply(lastTool, { ...answered('t1'), at: 0 }).reply).toMatchObject({
      status: 'owed',
      round: 1,
    });
  });

  it('keeps waiting for running tools when the user says something new, and begins a new count', () => {
    const after = stepReply(oweReply(lastTool), { ...answered('t1'), at: 0 });
    expect(after.reply).toMatchObject({ status: 'owed', round: 0 });
  });

  it('gives every request its own name', () => {
    const first = startReply({ status: 'owed', replies: 0, round: 0 });
    const second = startReply({ status: 'owed', replies: first.replies, round: 0 });
    expect([first.replyId, second.replyId]).toEqual(['r1', 'r2']);
  });

  describe('as a draft', () => {
    const draft = startDraft(initialReply, 'What is the time?');
    const text = (words: string): ConversationEvent => ({ type: 'llm.text', replyId: 'r1', text: words });

    it('is made, not heard', () => {
      expect(stepReply(draft, { ...text('Noon.'), at: 0 }).signals).toEqual([
        { type: 'replyText', replyId: 'r1', text: 'Noon.', first: true, draft: true },
      ]);
    });

    it('calls no tool before it is adopted', () => {
      const complete = stepReply(draft, { ...ended(['t1']), at: 0 });
      expect(complete.signals).toEqual([{ type: 'draftEnded', replyId: 'r1' }]);
      const adopted = complete.reply.status === 'drafting' ? adoptDraft(complete.reply) : undefined;
      expect(adopted?.signals.map(({ type }) => type)).toEqual(['replyEnded', 'toolsCalled']);
      expect(adopted?.reply).toMatchObject({ status: 'tools', pending: ['t1'] });
    });

    it('goes on streaming once it is adopted', () => {
      const half = stepReply(draft, { ...text('It is '), at: 0 }).reply;
      const adopted = half.status === 'drafting' ? adoptDraft(half).reply : half;
      expect(adopted).toMatchObject({ status: 'streaming', replyId: 'r1', text: 'It is ' });
      expect(stepReply(adopted, { ...text('noon.'), at: 0 }).signals).toMatchObject([
        { text: 'noon.', first: false },
      ]);
    });

    it('fails without a word', () => {
      expect(stepReply(draft, { type: 'llm.failed', replyId: 'r1', at: 0 })).toMatchObject({
        reply: { status: 'idle' },
        signals: [],
      });
    });
  });

  describe('that means silence', () => {
    const send = (reply: ReplyState, text: string) =>
      stepReply(reply, { type: 'llm.text', replyId: 'r1', text, at: 0 });

    it('is not spoken, however it is cut', () => {
      const first = send(streaming, '<sil');
      const second = send(first.reply, 'ence/>');
      expect([...first.signals, ...second.signals]).toEqual([]);
      expect(stepReply(second.reply, { ...ended(), at: 0 }).signals).toMatchObject([{ outcome: 'silence' }]);
    });

    it('is not taken for words that only begin like it', () => {
      const first = send(streaming, '<');
      expect(send(first.reply, 'b>Hi').signals).toMatchObject([{ text: '<b>Hi', first: true }]);
    });
  });
});
