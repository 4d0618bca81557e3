import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

const task = { jobId: 'job-1', description: 'business plan', status: 'completed' };
const text = "Your task 'business plan' is ready. Would you like me to read the results?";
const finished = { type: 'task.finished', task } as const;

/** A call in which an answer is being said. */
function inAnAnswer() {
  const core = drive();
  core.greet();
  core.says('Tell me a story.');
  core.replies('r1', 'Once upon a time there was a king.');
  core.plays('reply-r1');
  return core;
}

describe('a caller who is gone for a moment', () => {
  it('misses nothing: our voice is held, and goes on where it was', () => {
    const core = inAnAnswer();
    expect(types(core.send({ type: 'call.left' }))).toContain('speech.hold');
    // What the broken line still brings changes nothing.
    core.speaks();
    const commitId = core.pauses(300);
    expect(types(core.send({ type: 'stt.committed', commitId, text: '' }, 280))).not.toContain(
      'speech.resume',
    );
    expect(types(core.send({ type: 'call.joined' }, 1_000))).toContain('speech.resume');
  });

  it('is told of tasks when they are back, and of nothing before', () => {
    const core = drive();
    core.greet();
    core.send({ type: 'call.left' });
    expect(types(core.send(finished))).not.toContain('speech.play');
    expect(find(core.send({ type: 'call.joined' }, 1_000), 'speech.play')?.utteranceId).toBe('line-2');
  });

  it('who does not come back has not heard a notice that was about to be said', () => {
    const core = drive();
    core.greet();
    core.send(finished);
    core.plays('line-2');
    core.send({ type: 'speech.progress', utteranceId: 'line-2', heard: 'Your task' }, 200);
    core.send({ type: 'call.left' });
    core.send({ type: 'call.ended' }, 3_000);
    expect(find(core.wasCut('line-2', 'Your task'), 'task.heard')).toBeUndefined();
  });

  it('waits for no filler', () => {
    const core = drive();
    core.greet();
    core.says('Tell me a story.');
    expect(core.send({ type: 'call.left' })).toContainEqual({ type: 'timer.clear', name: 'silence' });
    expect(types(core.send({ type: 'timer', name: 'silence' }, 3_000))).not.toContain('speech.begin');
    expect(find(core.send({ type: 'call.joined' }), 'timer.set')?.name).toBe('silence');
  });

  it('who is speaking when they come back is not spoken over', () => {
    const core = inAnAnswer();
    core.send({ type: 'call.left' });
    core.speaks();
    expect(types(core.send({ type: 'call.joined' }))).not.toContain('speech.resume');
  });
});

describe('somebody else in the place of the caller', () => {
  it('is told nothing of the tasks of the one who left', () => {
    const core = drive();
    core.greet();
    core.send(finished);
    core.plays('line-2');
    core.send({ type: 'task.finished', task: { ...task, jobId: 'job-2', description: 'essay' } });
    core.send({ type: 'call.left' });
    const joined = core.send({ type: 'call.joined', isOther: true }, 10);
    expect(joined.filter(({ type }) => type === 'speech.cut')).toHaveLength(2);
    expect(types(core.wasCut('line-2', 'Your'))).not.toContain('speech.begin');
    // The one who left comes back, and is told.
    core.send({ type: 'call.left' });
    core.send({ type: 'call.joined', isOther: true }, 10);
    expect(find(core.send(finished), 'speech.text')?.text).toBe(text);
  });

  it('does not take from them what they had heard', () => {
    const core = drive();
    core.greet();
    core.send(finished);
    core.plays('line-2');
    core.send({ type: 'call.left' });
    core.send({ type: 'call.joined', isOther: true }, 10);
    const cut = core.wasCut('line-2', "Your task 'business plan' is ready.");
    expect(find(cut, 'task.heard')?.jobIds).toEqual(['job-1']);
  });

  it('hears the rest of an answer that was being said', () => {
    const core = inAnAnswer();
    core.send({ type: 'call.left' });
    expect(types(core.send({ type: 'call.joined', isOther: true }))).toContain('speech.resume');
  });
});
