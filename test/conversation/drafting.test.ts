import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

const toolUse = { type: 'toolUse', id: 't1', name: 'submit_batch_task', input: {} } as const;

describe('a draft', () => {
  function pausing(words: string) {
    const core = drive();
    core.greet();
    core.speaks();
    const ended = core.send({ type: 'user.speechEnded', silenceMs: 200 }, 1_000);
    expect(find(ended, 'ears.look')).toMatchObject({ ended: true });
    return { core, begun: core.hears(words, 1_000) };
  }
  const committed = (words: string) => ({ type: 'stt.committed', commitId: 'c1', text: words }) as const;

  it('begins with the local words, is spoken when the vendor’s are the same', () => {
    const { core, begun } = pausing('what is the capital of france');
    expect(find(begun, 'llm.start')).toMatchObject({ draft: true, replyId: 'r1' });
    const made = core.replies('r1', 'Paris.');
    expect(types(made)).toEqual(['speech.begin', 'speech.text', 'speech.end']);
    const adopted = core.send(committed('What is the capital of France?'), 200);
    expect(find(adopted, 'speech.play')?.utteranceId).toBe('reply-r1');
    expect(types(adopted)).not.toContain('llm.start');
    expect(core.state.history.slice(-2)).toMatchObject([
      { kind: 'user', text: 'What is the capital of France?' },
      { kind: 'assistant', text: 'Paris.' },
    ]);
  });

  it('vanishes without a trace when they are not', () => {
    const { core } = pausing('what is the capital of finance');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'I do not' });
    const dropped = core.send(committed('What is the capital of France?'), 200);
    expect(find(dropped, 'llm.cancel')?.replyId).toBe('r1');
    expect(find(dropped, 'speech.cut')?.utteranceId).toBe('reply-r1');
    expect(find(dropped, 'llm.start')).toMatchObject({ draft: false });
    expect(JSON.stringify(core.state.history)).not.toContain('I do not');
  });

  it('begins in a silence that may still be a consonant, before the vendor is asked', () => {
    const core = drive();
    core.greet();
    core.speaks();
    const paused = core.send({ type: 'user.pausing', silenceMs: 70 }, 1_000);
    expect(types(paused)).toEqual(['ears.look']);
    expect(find(core.send({ type: 'user.pausing', silenceMs: 140 }, 32), 'stt.commit')?.commitId).toBe('c1');
    expect(find(core.hears('what is the capital of france', 1_000), 'llm.start')).toMatchObject({
      draft: true,
    });
    expect(types(core.send({ type: 'user.speechEnded', silenceMs: 200 }, 50))).toEqual([]);
    core.replies('r1', 'Paris.');
    const adopted = core.send(committed('What is the capital of France?'));
    expect(find(adopted, 'speech.play')?.utteranceId).toBe('reply-r1');
  });

  it('does not begin with words of a silence that was a consonant', () => {
    const core = drive();
    core.greet();
    core.speaks();
    core.send({ type: 'user.pausing', silenceMs: 70 }, 1_000);
    core.send({ type: 'user.wentOn' }, 30);
    const paused = core.send({ type: 'user.pausing', silenceMs: 70 }, 400);
    const late = core.send(
      { type: 'user.heard', lookId: 'draft-1', text: 'What is the capital?', ms: 900 },
      20,
    );
    expect(types(late)).toEqual([]);
    expect(find(paused, 'ears.look')?.lookId).toBe('draft-2');
    expect(types(core.hears('What is the capital of Spain?', 1_300))).toEqual(['llm.start']);
  });

  it('joins the words of a pause that was committed with those that follow', () => {
    const core = drive();
    core.greet();
    core.speaks();
    core.send({ type: 'user.pausing', silenceMs: 140 }, 500);
    core.send({ type: 'user.wentOn' }, 30);
    core.send(committed('Yes,'), 250);
    core.send({ type: 'user.pausing', silenceMs: 70 }, 400);
    core.hears('and I need a hotel.', 700);
    expect(core.state.reply).toMatchObject({ status: 'drafting', userText: 'Yes, and I need a hotel.' });
  });

  it('vanishes when the user goes on', () => {
    const { core } = pausing('what is the capital');
    expect(find(core.speaks(), 'llm.cancel')?.replyId).toBe('r1');
  });

  it('does not begin where the words trail off', () => {
    expect(types(pausing('I would like to').begun)).not.toContain('llm.start');
  });

  it('runs its tools when it is adopted, not before', () => {
    const { core } = pausing('create a business plan please');
    const called = { type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [toolUse] } as const;
    expect(types(core.send(called))).not.toContain('tool.run');
    core.send(committed('Create a business plan, please.'), 200);
    expect(core.state.reply).toMatchObject({ status: 'tools', pending: ['t1'] });
  });

  it('begins with the vendor’s words where the turn may still go on', () => {
    const core = drive();
    core.greet();
    core.speaks();
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 1_000);
    const begun = core.send(committed('create a business plan'));
    expect(find(begun, 'llm.start')).toMatchObject({ draft: true });
    expect(find(core.send({ type: 'timer', name: 'turn.endpoint' }, 500), 'llm.start')).toBeUndefined();
    expect(core.state.reply.status).toBe('streaming');
  });
});
