import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

const task = { jobId: 'job-1', description: 'business plan', status: 'completed' };
const text = "Your task 'business plan' is ready. Would you like me to read the results?";
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
    expect(types(first)).toEqual(['speech.begin', 'speech.text', 'speech.play', 'timer.clear']);
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

describe('a sound of the user over us', () => {
  function speaking() {
    const core = drive();
    core.greet();
    core.says('Tell me a story.');
    core.replies('r1', 'Once upon a time there was a king who had a dog.');
    core.plays('reply-r1');
    core.send({ type: 'speech.progress', utteranceId: 'reply-r1', heard: 'Once upon' }, 300);
    return core;
  }
  /** The recogniser is asked, and answers. */
  function look(core: ReturnType<typeof drive>, words: string | undefined, ms: number) {
    const asked = core.send({ type: 'timer', name: 'overlap.look' }, 150);
    expect(find(asked, 'ears.look')).toMatchObject({ ended: false });
    return core.hears(words, ms);
  }

  it('makes us quieter, and the recogniser is asked at 250 ms', () => {
    expect(speaking().speaks()).toEqual([
      { type: 'timer.set', name: 'overlap.look', ms: 150 },
      { type: 'speech.duck' },
    ]);
  });

  it('cuts us at the first clear word, and history keeps what was heard before the model is asked', () => {
    const core = speaking();
    core.speaks();
    expect(find(look(core, 'Stop.', 250), 'speech.cut')).toMatchObject({
      utteranceId: 'reply-r1',
      when: 'now',
    });
    core.wasCut('reply-r1', 'Once upon a time');
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 500);
    const request = find(
      core.send({ type: 'stt.committed', commitId: 'c2', text: 'Stop.' }, 280),
      'llm.start',
    );
    expect(request?.messages.slice(-2)).toEqual([
      { role: 'assistant', content: [{ type: 'text', text: 'Once upon a time' }] },
      { role: 'user', content: [{ type: 'text', text: 'Stop.' }] },
    ]);
  });

  it('that is a backchannel leaves us speaking, is not answered, and costs no sample', () => {
    const core = speaking();
    core.speaks();
    expect(types(look(core, '', 250))).toEqual(['timer.set']);
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 200);
    expect(types(core.hears('Mm-hmm.', 400))).toEqual(['timer.clear', 'speech.restore']);
    const words = core.send({ type: 'stt.committed', commitId: 'c2', text: 'Mm-hmm.' }, 200);
    expect(types(words)).not.toContain('llm.start');
    expect(types(words)).not.toContain('speech.cut');
    expect(core.state.turn.status).toBe('listening');
    expect(core.state.floor.status).toBe('speaking');
  });

  it('that was kept is answered after all when the vendor understood an interruption', () => {
    const core = speaking();
    core.speaks();
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 300);
    core.hears('', 350);
    const words = core.send({ type: 'stt.committed', commitId: 'c2', text: 'Stop, wait a second.' }, 250);
    expect(types(words)).toContain('speech.cut');
    expect(find(core.wasCut('reply-r1', 'Once upon'), 'llm.start')).toBeDefined();
  });

  it('that goes on where nothing can be heard locally is an interruption by its length', () => {
    const core = speaking();
    core.speaks();
    expect(types(look(core, undefined, 250))).toEqual(['timer.set']);
    expect(types(look(core, undefined, 700))).toContain('speech.cut');
  });

  it('a cough, lets us go on', () => {
    const core = speaking();
    expect(types(core.says(''))).toContain('speech.restore');
    expect(core.state.floor.status).toBe('speaking');
  });

  it('our own words from a loudspeaker, changes nothing', () => {
    const core = speaking();
    core.speaks();
    expect(types(look(core, 'once upon a time there', 800))).not.toContain('speech.cut');
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 500);
    core.hears('once upon a time there was', 1_200);
    const words = core.send(
      { type: 'stt.committed', commitId: 'c2', text: 'Once upon a time there was' },
      280,
    );
    expect(types(words)).not.toContain('speech.cut');
    expect(core.state.turnsEnded).toBe(1);
  });

  it('before our first word holds us back until it is known', () => {
    const core = drive();
    core.greet();
    core.says('Tell me a story.');
    core.replies('r1', 'Once upon a time.');
    expect(types(core.speaks())).toContain('speech.hold');
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 300);
    expect(types(core.hears('', 200))).toContain('speech.resume');
  });

  it('while we think cancels the answer and joins the words', () => {
    const core = drive();
    core.greet();
    core.says('What is the capital?');
    const again = core.says('Of France, I mean.');
    expect(find(again, 'llm.cancel')?.replyId).toBe('r1');
    expect(find(again, 'llm.start')?.messages.at(-1)?.content).toHaveLength(2);
    expect(core.send({ type: 'llm.text', replyId: 'r1', text: 'Late.' })).toEqual([]);
  });

  it('a "yeah" while we think, is no new turn', () => {
    const core = drive();
    core.greet();
    core.says('What is the capital of France?');
    expect(types(core.says('Yeah.'))).not.toContain('llm.cancel');
    expect(core.state.turnsEnded).toBe(1);
  });

  it('holds back an answer that becomes ready meanwhile', () => {
    const core = drive();
    core.greet();
    core.says('What is the capital of France?');
    core.speaks();
    expect(types(core.replies('r1', 'Paris.'))).not.toContain('speech.play');
  });
});

describe('while we are silent', () => {
  it.each(['Um.', 'Uh, um', 'Mm-hmm.'])('%s is not answered', (words) => {
    const core = drive({ greeting: 'Hello there.' });
    core.greet();
    expect(types(core.says(words))).not.toContain('llm.start');
  });

  it('a hum answers a question', () => {
    const core = drive({ greeting: 'Shall I go on?' });
    core.greet();
    expect(types(core.says('Mm-hmm.'))).toContain('llm.start');
  });

  it('our own last words, coming back late, are no turn', () => {
    const core = drive({ greeting: 'Hello there, how are you today my friend.' });
    core.greet();
    core.speaks();
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 300);
    const words = core.send({ type: 'stt.committed', commitId: 'c1', text: 'are you today my friend.' }, 280);
    expect(types(words)).not.toContain('llm.start');
  });

  it('words that the model takes for somebody else’s get no answer', () => {
    const core = drive();
    core.greet();
    core.says('Honey, the door!');
    expect(types(core.replies('r1', '<silence/>'))).not.toContain('speech.begin');
    expect(core.state.reply.status).toBe('idle');
  });
});

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
    expect(types(core.send({ type: 'llm.text', replyId: 'r1', text: 'Paris.' }))).toContain('timer.clear');
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
    const told = core.send({ type: 'task.finished', task });
    expect(types(told)).toEqual(['speech.begin', 'speech.text', 'speech.end', 'speech.play']);
    core.plays('line-2');
    expect(find(core.playedOut('line-2', text), 'task.heard')?.jobIds).toEqual(['job-1']);
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
    const told = core.send({ type: 'task.finished', task });
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
    core.send({ type: 'task.finished', task });
    expect(find(core.wasCut('reply-r1', 'Sure,'), 'speech.play')?.utteranceId).toBe('line-2');
    expect(types(core.send({ type: 'llm.text', replyId: 'r1', text: 'start.' }))).toEqual([]);
    const ended = core.send({ type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [toolUse] });
    expect(types(ended)).toContain('tool.run');
  });

  it('waits for the user and for our answer to them', () => {
    const core = drive();
    core.greet();
    core.speaks();
    expect(types(core.send({ type: 'task.finished', task }))).not.toContain('speech.play');
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
    core.send({ type: 'task.finished', task });
    expect(types(core.replies('r1', 'Once upon a time.'))).toContain('timer.set');
    core.plays('reply-r1');
    expect(find(core.send({ type: 'timer', name: 'notice.patience' }), 'speech.cut')?.when).toBe('word');
  });

  it('is told again when the user cut it before its key words, after their answer', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', task });
    core.plays('line-2');
    core.says('What is two plus two?');
    const again = core.wasCut('line-2', 'Your task');
    expect(find(again, 'task.heard')).toBeUndefined();
    expect(find(again, 'speech.text')?.text).toBe(text);
    core.replies('r1', 'Four.');
    expect(find(core.playedOut('reply-r1', 'Four.'), 'speech.play')?.utteranceId).toBe('line-3');
  });

  it('counts as heard when only its question was cut', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', task });
    core.plays('line-2');
    core.says('Yes, read it.');
    const cut = core.wasCut('line-2', "Your task 'business plan' is ready. Would you");
    expect(find(cut, 'task.heard')?.jobIds).toEqual(['job-1']);
    expect(find(cut, 'speech.begin')).toBeUndefined();
  });

  it('goes to the model after it was told, as an event', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', task });
    core.plays('line-2');
    core.playedOut('line-2', text);
    const request = find(core.says('Yes, read it.'), 'llm.start');
    expect(JSON.stringify(request?.messages)).toContain(
      'The background task \\"business plan\\" (job id job-1) is completed.',
    );
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
    expect(commands.filter(({ type }) => type === 'timer.clear')).toHaveLength(5);
    expect(core.speaks()).toEqual([]);
  });

  it('still counts a notice that was heard before it', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', task });
    core.plays('line-2');
    core.send({ type: 'call.ended' });
    expect(types(core.wasCut('line-2', "Your task 'business plan' is ready. Would"))).toEqual(['task.heard']);
  });
});
