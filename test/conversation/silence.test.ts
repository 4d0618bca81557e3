import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

const toolUse = { type: 'toolUse', id: 't1', name: 'submit_batch_task', input: {} } as const;

describe('silence', () => {
  it('is broken by one filler, then by something else, until the answer comes', () => {
    const core = drive();
    core.greet();
    const asked = core.says('What is the capital of France?');
    expect(asked).toContainEqual({ type: 'timer.set', name: 'silence', ms: 1_800 });
    const first = find(core.send({ type: 'timer', name: 'silence' }, 1_800), 'speech.text')?.text;
    core.plays('line-2');
    const waiting = core.playedOut('line-2', first ?? '');
    expect(waiting).toContainEqual({ type: 'timer.set', name: 'silence', ms: 3_500 });
    const second = find(core.send({ type: 'timer', name: 'silence' }, 3_500), 'speech.text')?.text;
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });

  it('is no filler’s business once the answer speaks', () => {
    const core = drive();
    core.greet();
    core.says('What is the capital of France?');
    expect(
      types(core.send({ type: 'llm.text', replyId: 'r1', text: 'The capital of France is Paris.' })),
    ).toContain('timer.clear');
  });

  it('during a slow tool is broken too', () => {
    const core = drive();
    core.greet();
    core.says('Create a business plan.');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'Sure.' });
    core.plays('reply-r1');
    core.send({ type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [toolUse] });
    expect(core.playedOut('reply-r1', 'Sure.')).toContainEqual({
      type: 'timer.set',
      name: 'silence',
      ms: 1_800,
    });
  });
});
