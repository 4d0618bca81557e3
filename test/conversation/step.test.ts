import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

const toolUse = { type: 'toolUse', id: 't1', name: 'submit_batch_task', input: {} } as const;

describe('joining', () => {
  it('greets without asking the model', () => {
    const core = drive();
    const commands = core.send({ type: 'call.joined' });
    expect(types(commands)).toEqual([
      'speech.begin',
      'speech.text',
      'speech.end',
      'speech.play',
      'publish.state',
    ]);
    expect(find(commands, 'speech.text')?.text).toBe('Hello! How can I help you today?');
  });

  it('greets once, however often people join', () => {
    const core = drive();
    core.greet();
    expect(core.send({ type: 'call.joined' })).toEqual([]);
  });

  it('says nothing where no greeting is wanted', () => {
    const core = drive({ greeting: '' });
    expect(types(core.send({ type: 'call.joined' }))).toEqual(['publish.state']);
  });
});

describe('a turn', () => {
  it('is answered: request, voice, floor, history', () => {
    const core = drive();
    core.greet();
    const asked = core.says('What is the capital of France?');
    expect(find(asked, 'llm.start')?.messages.at(-1)).toEqual({
      role: 'user',
      content: [{ type: 'text', text: 'What is the capital of France?' }],
    });
    const first = core.send({ type: 'llm.text', replyId: 'r1', text: 'The capital of France' });
    expect(types(first)).toEqual(['speech.begin', 'speech.text']);
    const phrase = core.send({ type: 'llm.text', replyId: 'r1', text: ' is Paris.' });
    expect(types(phrase)).toEqual(['speech.text', 'speech.play', 'timer.clear']);
    core.plays('reply-r1');
    core.send({ type: 'llm.ended', replyId: 'r1', reason: 'end', toolUses: [] });
    core.playedOut('reply-r1', 'The capital of France is Paris.');
    expect(core.state.history.at(-1)).toMatchObject({
      kind: 'assistant',
      text: 'The capital of France is Paris.',
      status: 'heard',
    });
    expect(core.state.published).toBe('listening');
  });

  it('shows what it is doing: listening, thinking, speaking', () => {
    const core = drive();
    core.greet();
    expect(find(core.says('What time is it?'), 'publish.state')?.state).toBe('thinking');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'It is twenty past four.' });
    expect(find(core.plays('reply-r1'), 'publish.state')?.state).toBe('speaking');
  });

  it('is apologised for when the model fails, or has nothing to say', () => {
    const failing = drive();
    failing.greet();
    failing.says('What time is it?');
    expect(find(failing.send({ type: 'llm.failed', replyId: 'r1' }), 'speech.text')?.text).toMatch(/trouble/);

    const silent = drive();
    silent.greet();
    silent.says('What time is it?');
    const ended = silent.send({ type: 'llm.ended', replyId: 'r1', reason: 'refusal', toolUses: [] });
    expect(find(ended, 'speech.text')?.text).toMatch(/catch/);
  });

  it('typed while we speak is answered like a spoken one', () => {
    const core = drive();
    core.send({ type: 'call.joined' });
    core.plays('line-1');
    const typed = core.send({ type: 'chat.received', text: 'What time is it?' });
    expect(types(typed)).toContain('speech.cut');
    expect(types(typed)).not.toContain('llm.start');
    const settled = core.wasCut('line-1', 'Hello!');
    expect(find(settled, 'llm.start')?.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
    ]);
  });
});

describe('tools', () => {
  function calling() {
    const core = drive();
    core.greet();
    core.says('Create a business plan.');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'Sure.' });
    core.plays('reply-r1');
    return core;
  }
  const called = { type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [toolUse] } as const;
  const done = { type: 'tool.ended', toolUseId: 't1', content: 'Submitted.', isError: false } as const;

  it('run, and the model is told what they brought', () => {
    const core = calling();
    expect(find(core.send(called), 'tool.run')).toMatchObject({ use: toolUse, turn: 1 });
    const messages = find(core.send(done), 'llm.start')?.messages;
    expect(messages?.slice(-2)).toEqual([
      { role: 'assistant', content: [{ type: 'text', text: 'Sure.' }, toolUse] },
      {
        role: 'user',
        content: [{ type: 'toolResult', toolUseId: 't1', content: 'Submitted.', isError: false }],
      },
    ]);
  });

  it('go on under an interruption, and their result reaches the next request', () => {
    const core = calling();
    core.send(called);
    expect(find(core.says('Make it one page.'), 'llm.start')).toBeUndefined();
    core.wasCut('reply-r1', 'Sure.');
    const request = find(core.send(done), 'llm.start');
    expect(request?.messages.at(-1)?.content).toEqual([
      { type: 'toolResult', toolUseId: 't1', content: 'Submitted.', isError: false },
      { type: 'text', text: 'Make it one page.' },
    ]);
  });

  it('are refused after too many rounds, so that words must follow', () => {
    const core = drive({ maxToolRounds: 1 });
    core.greet();
    expect(find(core.says('Go.'), 'llm.start')?.mayUseTools).toBe(true);
    core.send(called);
    expect(find(core.send(done), 'llm.start')?.mayUseTools).toBe(false);
  });
});
