import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

const notice = {
  jobIds: ['job-1'],
  text: "Your task 'business plan' is ready. Would you like me to read the results?",
  event: 'Task job-1 (business plan) is completed.',
};
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
    const first = core.send({ type: 'llm.text', replyId: 'r1', text: 'Paris' });
    expect(types(first)).toEqual(['speech.begin', 'speech.text', 'speech.play']);
    expect(types(core.send({ type: 'llm.text', replyId: 'r1', text: '.' }))).toEqual(['speech.text']);
    core.plays('reply-r1');
    core.send({ type: 'llm.ended', replyId: 'r1', reason: 'end', toolUses: [] });
    core.playedOut('reply-r1', 'Paris.');
    expect(core.state.history.at(-1)).toMatchObject({ kind: 'assistant', text: 'Paris.', status: 'heard' });
    expect(core.state.published).toBe('listening');
  });

  it('shows what it is doing: listening, thinking, speaking', () => {
    const core = drive();
    core.greet();
    expect(find(core.says('Hello?'), 'publish.state')?.state).toBe('thinking');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'Hi.' });
    expect(find(core.plays('reply-r1'), 'publish.state')?.state).toBe('speaking');
  });

  it('is apologised for when the model fails, or has nothing to say', () => {
    const failing = drive();
    failing.greet();
    failing.says('Hello?');
    expect(find(failing.send({ type: 'llm.failed', replyId: 'r1' }), 'speech.text')?.text).toMatch(/trouble/);

    const silent = drive();
    silent.greet();
    silent.says('Hello?');
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

describe('an interruption', () => {
  function speaking() {
    const core = drive();
    core.greet();
    core.says('Tell me a story.');
    core.replies('r1', 'Once upon a time there was a king who had a dog.');
    core.plays('reply-r1');
    return core;
  }

  it('silences us at once and loses nothing', () => {
    expect(types(speaking().send({ type: 'user.speechStarted' }))).toEqual(['speech.hold', 'publish.state']);
  });

  it('leaves in history what was heard, before the model is asked again', () => {
    const core = speaking();
    const asked = core.says('Stop.');
    expect(find(asked, 'speech.cut')).toMatchObject({ utteranceId: 'reply-r1', when: 'now' });
    expect(find(asked, 'llm.start')).toBeUndefined();
    const request = find(core.wasCut('reply-r1', 'Once upon a time'), 'llm.start');
    expect(request?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: [{ type: 'text', text: 'Once upon a time' }] },
      { role: 'user', content: [{ type: 'text', text: 'Stop.' }] },
    ]);
  });

  it('by a cough lets us go on where we were', () => {
    const core = speaking();
    expect(find(core.says(''), 'speech.resume')?.utteranceId).toBe('reply-r1');
  });

  it('before our first word cancels the answer and joins the words', () => {
    const core = drive();
    core.greet();
    core.says('What is the capital?');
    const again = core.says('Of France, I mean.');
    expect(find(again, 'llm.cancel')?.replyId).toBe('r1');
    expect(find(again, 'llm.start')?.messages.at(-1)?.content).toHaveLength(2);
    expect(core.send({ type: 'llm.text', replyId: 'r1', text: 'Late.' })).toEqual([]);
  });

  it('holds back an answer that becomes ready while the user speaks', () => {
    const core = drive();
    core.greet();
    core.says('What is the capital of France?');
    core.send({ type: 'user.speechStarted' });
    expect(types(core.replies('r1', 'Paris.'))).not.toContain('speech.play');
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

describe('a finished task', () => {
  it('is told at once when nobody speaks', () => {
    const core = drive();
    core.greet();
    const told = core.send({ type: 'task.finished', notice });
    expect(types(told)).toEqual(['speech.begin', 'speech.text', 'speech.end', 'speech.play']);
    core.plays('line-2');
    expect(find(core.playedOut('line-2', notice.text), 'task.heard')?.jobIds).toEqual(['job-1']);
    expect(core.state.history.slice(-2)).toMatchObject([
      { kind: 'event' },
      { kind: 'assistant', status: 'heard' },
    ]);
  });

  it('cuts our own speech at a word, and what was being said keeps its heard part', () => {
    const core = drive();
    core.greet();
    core.says('Tell me a story.');
    core.replies('r1', 'Once upon a time there was a king.');
    core.plays('reply-r1');
    const told = core.send({ type: 'task.finished', notice });
    expect(find(told, 'speech.cut')).toMatchObject({ utteranceId: 'reply-r1', when: 'word' });
    expect(find(core.wasCut('reply-r1', 'Once upon'), 'speech.play')?.utteranceId).toBe('line-2');
    expect(
      core.state.history.find((item) => item.kind === 'assistant' && item.utteranceId === 'reply-r1'),
    ).toMatchObject({
      text: 'Once upon',
    });
  });

  it('cuts a reply that is still being made, whose tools are run all the same', () => {
    const core = drive();
    core.greet();
    core.says('Create another plan.');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'Sure, I will ' });
    core.plays('reply-r1');
    core.send({ type: 'task.finished', notice });
    expect(find(core.wasCut('reply-r1', 'Sure,'), 'speech.play')?.utteranceId).toBe('line-2');
    expect(types(core.send({ type: 'llm.text', replyId: 'r1', text: 'start.' }))).toEqual([]);
    const ended = core.send({ type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [toolUse] });
    expect(types(ended)).toContain('tool.run');
  });

  it('waits for the user and for our answer to them', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'user.speechStarted' });
    expect(types(core.send({ type: 'task.finished', notice }))).not.toContain('speech.play');
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 1_000);
    core.send({ type: 'stt.committed', commitId: 'c1', text: 'What is two plus two?' }, 300);
    const answered = core.replies('r1', 'Four.');
    expect(find(answered, 'speech.play')?.utteranceId).toBe('reply-r1');
    core.plays('reply-r1');
    expect(find(core.playedOut('reply-r1', 'Four.'), 'speech.play')?.utteranceId).toBe('line-2');
  });

  it('does not wait behind a long answer for ever', () => {
    const core = drive();
    core.greet();
    core.says('Tell me a story.');
    core.send({ type: 'task.finished', notice });
    expect(types(core.replies('r1', 'Once upon a time.'))).toContain('timer.set');
    core.plays('reply-r1');
    expect(find(core.send({ type: 'timer', name: 'notice.patience' }), 'speech.cut')?.when).toBe('word');
  });

  it('is told again when the user cut it before its key words, after their answer', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', notice });
    core.plays('line-2');
    core.says('What is two plus two?');
    const again = core.wasCut('line-2', 'Your task');
    expect(find(again, 'task.heard')).toBeUndefined();
    expect(find(again, 'speech.text')?.text).toBe(notice.text);
    core.replies('r1', 'Four.');
    expect(find(core.playedOut('reply-r1', 'Four.'), 'speech.play')?.utteranceId).toBe('line-3');
  });

  it('counts as heard when only its question was cut', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', notice });
    core.plays('line-2');
    core.says('Yes, read it.');
    const cut = core.wasCut('line-2', "Your task 'business plan' is ready. Would you");
    expect(find(cut, 'task.heard')?.jobIds).toEqual(['job-1']);
    expect(find(cut, 'speech.begin')).toBeUndefined();
  });

  it('goes to the model after it was told, as an event', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', notice });
    core.plays('line-2');
    core.playedOut('line-2', notice.text);
    const request = find(core.says('Yes, read it.'), 'llm.start');
    expect(JSON.stringify(request?.messages)).toContain(`<event>${notice.event}</event>`);
  });
});

describe('the end of the call', () => {
  it('stops everything that runs', () => {
    const core = drive();
    core.greet();
    core.says('Tell me a story.');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'Once upon a time' });
    const commands = core.send({ type: 'call.ended' });
    expect(find(commands, 'llm.cancel')?.replyId).toBe('r1');
    expect(find(commands, 'speech.cut')?.utteranceId).toBe('reply-r1');
    expect(commands.filter(({ type }) => type === 'timer.clear')).toHaveLength(3);
    expect(core.send({ type: 'user.speechStarted' })).toEqual([]);
  });

  it('still counts a notice that was heard before it', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', notice });
    core.plays('line-2');
    core.send({ type: 'call.ended' });
    expect(types(core.wasCut('line-2', "Your task 'business plan' is ready. Would"))).toEqual(['task.heard']);
  });
});
