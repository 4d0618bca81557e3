import { describe, expect, it } from 'vitest';
import { drive, find, types } from './driver.ts';

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

  it('makes us quieter before it is known to be speech, and louder again when it was none', () => {
    const core = speaking();
    expect(core.send({ type: 'user.maySpeak' }, 100)).toEqual([{ type: 'speech.duck' }]);
    expect(core.send({ type: 'user.saidNothing' }, 32)).toEqual([{ type: 'speech.restore' }]);
    expect(core.state.turn.status).toBe('listening');
    expect(core.state.overlap.status).toBe('none');
  });

  it('that may be more of what is being judged changes nothing of it', () => {
    const core = speaking();
    core.speaks();
    expect(core.send({ type: 'user.maySpeak' }, 100)).toEqual([]);
    expect(core.send({ type: 'user.saidNothing' }, 32)).toEqual([]);
  });

  it('makes nothing quieter where nothing of us is audible', () => {
    const core = drive();
    core.greet();
    expect(core.send({ type: 'user.maySpeak' }, 100)).toEqual([]);
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

  it('that pauses is looked at whole, once, before it is known whether it is over', () => {
    const core = speaking();
    core.speaks();
    const pausing = core.send({ type: 'user.pausing', silenceMs: 40 }, 250);
    expect(types(pausing)).toEqual(['timer.clear', 'ears.look']);
    expect(find(pausing, 'ears.look')?.ended).toBe(true);
    expect(core.send({ type: 'user.pausing', silenceMs: 72 }, 32)).toEqual([]);
    expect(core.hears('Yeah.', 250)).toEqual([]);
    expect(find(core.send({ type: 'timer', name: 'overlap.look' }), 'ears.look')).toBeUndefined();
    expect(find(core.send({ type: 'user.wentOn' }, 60), 'timer.set')).toMatchObject({ name: 'overlap.look' });
    expect(find(core.send({ type: 'timer', name: 'overlap.look' }, 40), 'ears.look')).toBeDefined();
  });

  it('an interruption that pauses cuts without waiting for its end', () => {
    const core = speaking();
    core.speaks();
    core.send({ type: 'user.pausing', silenceMs: 40 }, 250);
    expect(types(core.hears('Stop.', 300))).toContain('speech.cut');
  });

  it('what was heard in the pause that was the end is not heard again', () => {
    const core = speaking();
    core.speaks();
    core.send({ type: 'user.pausing', silenceMs: 40 }, 250);
    core.hears('Yeah.', 250);
    const ended = core.send({ type: 'user.speechEnded', silenceMs: 200 }, 100);
    expect(find(ended, 'ears.look')).toBeUndefined();
    expect(types(ended)).toContain('speech.restore');
  });

  it('what was heard in a pause that was not the end is not all there is', () => {
    const core = speaking();
    core.speaks();
    core.send({ type: 'user.pausing', silenceMs: 40 }, 250);
    core.hears('Yeah.', 250);
    core.send({ type: 'user.wentOn' }, 60);
    const ended = core.send({ type: 'user.speechEnded', silenceMs: 200 }, 300);
    expect(find(ended, 'ears.look')?.ended).toBe(true);
    expect(types(core.hears('Yeah, wait.', 500))).toContain('speech.cut');
  });

  it('that pauses while it is being looked at is looked at again, whole', () => {
    const core = speaking();
    core.speaks();
    core.send({ type: 'timer', name: 'overlap.look' }, 150);
    expect(types(core.send({ type: 'user.pausing', silenceMs: 40 }, 20))).toEqual(['timer.clear']);
    expect(find(core.hears('', 250), 'ears.look')?.ended).toBe(true);
    expect(types(core.hears('Stop.', 270))).toContain('speech.cut');
  });

  it.each([
    ['late', 30, 20],
    ['so late that the next is overdue', 80, 0],
  ])('a look that is answered %s delays the next one no further', (_, answeredMs, dueMs) => {
    const core = speaking();
    core.speaks();
    core.send({ type: 'timer', name: 'overlap.look' }, 150);
    core.send({ type: 'timer', name: 'silence' }, answeredMs - 50);
    expect(find(core.hears('', 250), 'timer.set')).toEqual({
      type: 'timer.set',
      name: 'overlap.look',
      ms: dueMs,
    });
  });

  it('whose beginning the vendor understood as an interruption cuts while it goes on', () => {
    const core = speaking();
    core.speaks();
    const commitId = core.pauses(300);
    core.hears('No.', 260);
    core.speaks();
    const known = core.send({ type: 'stt.committed', commitId, text: 'No, wait, I' }, 100);
    expect(types(known)).toContain('speech.cut');
    expect(core.state.turn.status).toBe('speaking');
  });

  it('whose beginning may still become a backchannel is heard out', () => {
    const core = speaking();
    core.speaks();
    const commitId = core.pauses(300);
    core.hears('Right.', 260);
    core.speaks();
    expect(types(core.send({ type: 'stt.committed', commitId, text: 'Right,' }, 100))).toEqual([
      'publish.transcript',
    ]);
  });

  it('that goes on where nothing can be heard locally is an interruption by its length', () => {
    const core = speaking();
    core.speaks();
    expect(types(look(core, undefined, 250))).toEqual(['timer.set']);
    expect(types(look(core, undefined, 700))).toContain('speech.cut');
  });

  it('a cough, lets us go on', () => {
    const core = speaking();
    core.says('');
    expect(types(core.hears('', 300))).toContain('speech.restore');
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

  it('a question in words like our last ones is answered', () => {
    const core = drive({ greeting: 'The capital of France is Paris.' });
    core.greet();
    expect(types(core.says('What is the capital of Italy?'))).toContain('llm.start');
  });

  it('words that the model takes for somebody else’s get no answer', () => {
    const core = drive();
    core.greet();
    core.says('Honey, the door!');
    expect(types(core.replies('r1', '<silence/>'))).not.toContain('speech.begin');
    expect(core.state.reply.status).toBe('idle');
  });
});
