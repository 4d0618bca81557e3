import { describe, expect, it } from 'vitest';
import type { EndedTask } from '../../src/conversation/event.ts';
import { drive, find, types } from './driver.ts';

const done = (jobId: string, description: string, status = 'completed'): EndedTask => ({
  jobId,
  description,
  status,
});
const finished = (task: EndedTask) => ({ type: 'task.finished', task }) as const;
const QUESTION = 'What is the capital of France?';

/** A spoken turn is given up, another is answered up to `heard`; then the user speaks, and the words of the first come. */
function comesLate(words: string, heard: string) {
  const core = drive();
  core.greet();
  core.speaks();
  const commitId = core.pauses(300);
  core.send({ type: 'timer', name: 'turn.commit' }, 3_000);
  core.send({ type: 'chat.received', text: QUESTION });
  core.replies('r1', 'The capital of France is Paris.');
  core.plays('reply-r1');
  core.send({ type: 'speech.progress', utteranceId: 'reply-r1', heard }, 600);
  core.speaks();
  core.send({ type: 'stt.committed', commitId, text: words }, 100);
  return core;
}

describe('what simulated calls brought to light', () => {
  it('a line that was dropped unheard is not in the next request', () => {
    const core = drive();
    core.greet();
    core.says(QUESTION);
    core.speaks();
    core.send({ type: 'llm.failed', replyId: 'r1' });
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 1_000);
    const asked = core.send(
      { type: 'stt.committed', commitId: 'c2', text: 'Never mind, tell me a story.' },
      300,
    );
    const ended = [...asked, ...core.send({ type: 'timer', name: 'turn.endpoint' }, 1_000)];
    expect(JSON.stringify(find(ended, 'llm.start')?.messages)).not.toContain('having trouble');
  });

  it('what is said next is at full volume, when the user spoke into our last words', () => {
    const core = drive();
    core.greet();
    core.says(QUESTION);
    core.replies('r1', 'The capital of France is Paris.');
    core.plays('reply-r1');
    expect(types(core.speaks())).toContain('speech.duck');
    expect(types(core.playedOut('reply-r1', 'The capital of France is Paris.'))).toContain('speech.restore');
  });

  it('ears that fail are owned up to at the next pause, not over what the user is saying', () => {
    const core = drive();
    core.greet();
    core.speaks();
    expect(types(core.send({ type: 'stt.failed' }, 400))).not.toContain('speech.play');
    const commitId = core.pauses(2_000);
    expect(types(core.send({ type: 'stt.committed', commitId, text: '' }))).toContain('speech.play');
  });

  it('a word or two into our thinking are no backchannel', () => {
    const core = drive();
    core.greet();
    core.says('Find me a hotel.');
    expect(find(core.says('Boston.'), 'llm.start')?.messages.at(-1)?.content).toContainEqual({
      type: 'text',
      text: 'Boston.',
    });
  });

  it('a word before our first sound goes on with the sentence, when it came late and in pieces', () => {
    const core = drive();
    core.greet();
    core.says('Please make a plan for');
    core.replies('r1', 'For whom, or for what?');
    core.speaks();
    const commitId = core.pauses(300);
    core.hears('Lisbon.', 260);
    core.plays('reply-r1');
    const known = core.send({ type: 'stt.committed', commitId, text: 'Lisbon.' }, 280);
    expect(types(known)).toContain('speech.cut');
    const asked = find([...known, ...core.wasCut('reply-r1', '')], 'llm.start')?.messages;
    expect(JSON.stringify(asked)).toContain('Lisbon.');
  });

  it('so does one that comes while we say our first two words', () => {
    const core = drive();
    core.greet();
    core.says('Please make a plan for');
    core.replies('r1', 'For whom, or for what?');
    core.plays('reply-r1');
    core.send({ type: 'speech.progress', utteranceId: 'reply-r1', heard: 'For' }, 100);
    core.speaks();
    const commitId = core.pauses(300);
    core.hears('Lisbon.', 260);
    expect(types(core.send({ type: 'stt.committed', commitId, text: 'Lisbon.' }, 280))).toContain(
      'speech.cut',
    );
  });

  it('so does one that speech-to-text delivers only while we are heard again, whatever is heard with it', () => {
    const core = comesLate('Lisbon.', 'The capital of France');
    const hums = core.pauses(300);
    expect(types(core.send({ type: 'stt.committed', commitId: hums, text: '' }, 280))).toContain(
      'speech.cut',
    );
  });

  it('so does one that comes late together with our own words, after those were cut', () => {
    const core = comesLate('Lisbon.', 'The capital of France is');
    core.send({ type: 'chat.received', text: 'And of Portugal?' });
    core.wasCut('reply-r1', 'The capital of France is');
    const echo = core.pauses(300);
    core.send({ type: 'stt.committed', commitId: echo, text: 'capital of France is' }, 280);
    core.send({ type: 'timer', name: 'turn.endpoint' }, 2_000);
    expect(core.state.history).toContainEqual({ kind: 'user', text: 'Lisbon.' });
  });

  it.each(['Mm-hmm.', 'Um.', 'Uh.', 'Hmm.', 'Oh.', 'Er.', 'Ah.', 'Okay.'])(
    '"%s" before our first sound does not keep us from speaking',
    (hum) => {
      const core = drive();
      core.greet();
      core.says(QUESTION);
      core.replies('r1', 'The capital of France is Paris.');
      core.speaks();
      const commitId = core.pauses(300);
      core.hears(hum, 260);
      core.plays('reply-r1');
      const known = core.send({ type: 'stt.committed', commitId, text: hum }, 280);
      expect(types(known)).not.toContain('speech.cut');
    },
  );

  it('a recogniser that does not answer in time delays an interruption no further', () => {
    const core = drive();
    core.send({ type: 'call.joined' });
    core.plays('line-1');
    core.speaks();
    core.send({ type: 'timer', name: 'overlap.look' }, 500);
    const unanswered = core.send({ type: 'user.heard', lookId: 'look-1', text: undefined, ms: 600 }, 400);
    expect(types(unanswered)).toContain('speech.cut');
  });

  it('a "stop" counts although speech-to-text is away and has no words for it', () => {
    const core = drive();
    core.send({ type: 'call.joined' });
    core.plays('line-1');
    core.speaks();
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 400);
    expect(types(core.send({ type: 'stt.committed', commitId: 'c1', text: '' }))).not.toContain(
      'speech.restore',
    );
    expect(types(core.hears('Stop.', 300))).toContain('speech.cut');
  });

  it('a filler is not cut for a notice that has to wait for the answer all the same', () => {
    const core = drive();
    core.greet();
    core.says(QUESTION);
    core.send({ type: 'timer', name: 'silence' }, 1_800);
    core.plays('line-2');
    expect(types(core.send(finished(done('j1', 'plan'))))).not.toContain('speech.cut');
  });

  it('a notice that could not break in tries again', () => {
    const core = drive();
    core.greet();
    core.says(QUESTION);
    core.replies('r1', 'The capital of France is Paris, and that has been so for long.');
    core.plays('reply-r1');
    core.speaks();
    const blocked = core.send(finished(done('j1', 'plan')));
    expect(blocked).toContainEqual({ type: 'timer.set', name: 'notice.patience', ms: 1_000 });
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 200);
    core.hears('Mm-hmm.', 300);
    core.send({ type: 'stt.committed', commitId: 'c2', text: 'Mm-hmm.' }, 280);
    expect(core.send({ type: 'timer', name: 'notice.patience' }, 500)).toContainEqual({
      type: 'speech.cut',
      utteranceId: 'reply-r1',
      when: 'word',
    });
  });
});

describe('the key words of a notice', () => {
  /** A notice of these tasks is cut when so much of it was heard. */
  const cutAfter = (heard: string, ...tasks: readonly EndedTask[]) => {
    const core = drive({ greeting: '' });
    core.send({ type: 'call.joined' });
    core.speaks();
    for (const task of tasks) core.send(finished(task));
    core.send({ type: 'user.speechEnded', silenceMs: 200 }, 300);
    core.send({ type: 'stt.committed', commitId: 'c1', text: '' }, 300);
    const { floor } = core.state;
    if (floor.status !== 'speaking') throw new Error('nothing is said');
    core.plays(floor.utterance.id);
    return core.wasCut(floor.utterance.id, heard);
  };

  it('do not end at a stop within a description', () => {
    const task = done('j1', 'report on St. Petersburg');
    const early = cutAfter("Your task 'report on St. Petersburg'", task);
    expect(find(early, 'task.heard')).toBeUndefined();
    expect(find(early, 'speech.begin')).toBeDefined();
    const told = cutAfter("Your task 'report on St. Petersburg' is ready.", task);
    expect(find(told, 'task.heard')?.jobIds).toEqual(['j1']);
  });

  it('of several sentences: what was not told is told again, and nothing else', () => {
    const commands = cutAfter(
      "Your task 'a' is ready. Would you like me to read the results?",
      done('j1', 'a'),
      done('j2', 'b', 'failed'),
    );
    expect(find(commands, 'task.heard')?.jobIds).toEqual(['j1']);
    expect(find(commands, 'speech.text')?.text).toMatch(/^Sorry, your task 'b' has failed\./);
  });

  it('count although the voice began twice', () => {
    const commands = cutAfter("Yo Your task 'a' is", done('j1', 'a'));
    expect(find(commands, 'task.heard')).toBeUndefined();
    expect(find(cutAfter("Your ta Your task 'a' is ready.", done('j1', 'a')), 'task.heard')?.jobIds).toEqual([
      'j1',
    ]);
  });
});

describe('a task that is reported twice, because its owner left and came back', () => {
  it('is told once', () => {
    const core = drive({ greeting: '' });
    core.send({ type: 'call.joined' });
    core.send(finished(done('j1', 'a')));
    expect(core.send(finished(done('j1', 'a')))).toEqual([]);
    core.plays('line-1');
    core.playedOut('line-1', "Your task 'a' is ready. Would you like me to read the results?");
    expect(core.send(finished(done('j1', 'a')))).toEqual([]);
  });
});
