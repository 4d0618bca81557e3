import { describe, expect, it } from 'vitest';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { drive, find } from './driver.ts';

const use = (name: string, id = 't1') => ({ type: 'toolUse', id, name, input: {} }) as const;
const lines = {
  ...defaultConversationOptions.lines,
  toolFillers: { get_weather: 'Let me look out of the window.' },
};

function asked(name = 'get_weather') {
  const core = drive({ lines });
  core.greet();
  core.says('What is the weather like?');
  const called = core.send(
    { type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [use(name)] },
    400,
  );
  return { core, called };
}

describe('a tool’s own filler', () => {
  it('is said when the tool has taken a second, in place of the usual one, and once', () => {
    const { core, called } = asked();
    expect(called).toContainEqual({ type: 'timer.set', name: 'silence', ms: 1_000 });
    const said = core.send({ type: 'timer', name: 'silence' }, 1_000);
    expect(find(said, 'speech.text')?.text).toBe('Let me look out of the window.');
    core.plays('line-2');
    const waiting = core.playedOut('line-2', 'Let me look out of the window.');
    expect(waiting).toContainEqual({ type: 'timer.set', name: 'silence', ms: 3_500 });
    const second = find(core.send({ type: 'timer', name: 'silence' }, 3_500), 'speech.text')?.text;
    expect(lines.stillWorking).toContain(second);
  });

  it('never makes the caller wait longer than the usual one would', () => {
    const core = drive({ lines });
    core.greet();
    core.says('What is the weather like?');
    const called = core.send(
      { type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [use('get_weather')] },
      1_500,
    );
    expect(called).toContainEqual({ type: 'timer.set', name: 'silence', ms: 300 });
  });

  it('is not said when the tool answers in time; the wait for the model goes on as usual', () => {
    const { core } = asked();
    const answered = core.send(
      { type: 'tool.ended', toolUseId: 't1', content: 'Sunny.', isError: false },
      600,
    );
    expect(answered).toContainEqual({ type: 'timer.set', name: 'silence', ms: 800 });
    const text = find(core.send({ type: 'timer', name: 'silence' }, 800), 'speech.text')?.text;
    expect(lines.fillers).toContain(text);
  });

  it('waits a second after what the model itself has said', () => {
    const core = drive({ lines });
    core.greet();
    core.says('What is the weather like?');
    core.send({ type: 'llm.text', replyId: 'r1', text: 'Let me see.' });
    core.plays('reply-r1');
    core.send({ type: 'llm.ended', replyId: 'r1', reason: 'toolUse', toolUses: [use('get_weather')] });
    expect(core.playedOut('reply-r1', 'Let me see.')).toContainEqual({
      type: 'timer.set',
      name: 'silence',
      ms: 1_000,
    });
  });

  it('is the usual one for a tool without words of its own', () => {
    const { core, called } = asked('other');
    expect(called.filter((command) => command.type === 'timer.set')).toEqual([
      { type: 'timer.set', name: 'silence', ms: 1_400 },
    ]);
    const text = find(core.send({ type: 'timer', name: 'silence' }, 1_400), 'speech.text')?.text;
    expect(lines.fillers).toContain(text);
  });
});
