import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

const task = { jobId: 'job-1', description: 'business plan', status: 'completed' };
const text = "Your task 'business plan' is ready. Would you like me to read the results?";
const toolUse = { type: 'toolUse', id: 't1', name: 'submit_batch_task', input: {} } as const;

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

describe('a notice that the voice could not speak', () => {
  const failed = (core: ReturnType<typeof drive>, utteranceId: string) =>
    core.send({ type: 'speech.ended', utteranceId, heard: '', outcome: 'failed' }, 500);

  it('is tried again after a pause, each time a longer one, and nobody takes it for told', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', task });
    const first = failed(core, 'line-2');
    expect(find(first, 'task.heard')).toBeUndefined();
    expect(first).toContainEqual({ type: 'timer.set', name: 'notice.again', ms: 4_000 });
    expect(JSON.stringify(core.state.history)).not.toContain('business plan');
    // Whoever reports it again meanwhile changes nothing.
    expect(core.send({ type: 'task.finished', task })).toEqual([]);
    const again = core.send({ type: 'timer', name: 'notice.again' }, 4_000);
    expect(find(again, 'speech.play')?.utteranceId).toBe('line-3');
    expect(failed(core, 'line-3')).toContainEqual({ type: 'timer.set', name: 'notice.again', ms: 8_000 });
    core.send({ type: 'timer', name: 'notice.again' }, 8_000);
    core.plays('line-4');
    expect(find(core.playedOut('line-4', text), 'task.heard')?.jobIds).toEqual(['job-1']);
  });

  it('is not tried after the end of the call', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', task });
    failed(core, 'line-2');
    expect(core.send({ type: 'call.ended' })).toContainEqual({ type: 'timer.clear', name: 'notice.again' });
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

describe('the word that a notice was heard', () => {
  const finished = (jobId: string, description: string) =>
    ({ type: 'task.finished', task: { jobId, description, status: 'completed' } }) as const;

  it('goes out with its key words, not at its end, and once', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'task.finished', task });
    core.plays('line-2');
    const progress = (heard: string) => core.send({ type: 'speech.progress', utteranceId: 'line-2', heard });
    expect(find(progress("Your task 'business plan' is"), 'task.heard')).toBeUndefined();
    expect(find(progress("Your task 'business plan' is ready."), 'task.heard')?.jobIds).toEqual(['job-1']);
    expect(find(progress("Your task 'business plan' is ready. Would"), 'task.heard')).toBeUndefined();
    expect(find(core.playedOut('line-2', text), 'task.heard')).toBeUndefined();
    expect(types(core.send({ type: 'task.finished', task }))).toEqual([]);
  });

  it('goes out for each task of several, as it is told', () => {
    const core = drive();
    core.greet();
    core.speaks();
    core.send(finished('job-1', 'plan'));
    core.send({
      type: 'task.finished',
      task: { jobId: 'job-2', description: 'report', status: 'failed' },
    });
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 300);
    core.send({ type: 'stt.committed', commitId: 'c1', text: '' }, 300);
    const { floor } = core.state;
    if (floor.status !== 'speaking') throw new Error('nothing is said');
    const { id } = floor.utterance;
    core.plays(id);
    const heard = "Your task 'plan' is ready. Would you like me to read the results?";
    const first = core.send({ type: 'speech.progress', utteranceId: id, heard });
    expect(find(first, 'task.heard')?.jobIds).toEqual(['job-1']);
    const all = core.playedOut(id, `${heard} Sorry, your task 'report' has failed.`);
    expect(find(all, 'task.heard')?.jobIds).toEqual(['job-2']);
  });
});
