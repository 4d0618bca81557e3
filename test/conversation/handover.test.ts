import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/conversation/command.ts';
import { handoverOf } from '../../src/conversation/handoverOf.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { drive } from './driver.ts';

const said = (commands: readonly Command[]) =>
  commands.flatMap((command) => (command.type === 'speech.text' ? [command.text] : []));
const request = (commands: readonly Command[]) => commands.find((command) => command.type === 'llm.start');

describe('a call that goes on elsewhere', () => {
  it('apologises in the place of the greeting, and the model knows what was said before', () => {
    const first = drive();
    first.greet();
    const second = drive();
    const commands = second.send({ type: 'call.joined', resumed: handoverOf(first.state) });
    expect(said(commands)).toEqual([defaultConversationOptions.lines.connectionLost]);
    expect(request(commands)).toBeUndefined();
    second.plays('line-1');
    second.playedOut('line-1', defaultConversationOptions.lines.connectionLost);
    const asked = request(second.says('What did you say?'));
    const text = JSON.stringify(asked);
    expect(text).toContain(defaultConversationOptions.greeting);
    expect(text).toContain('connection was lost');
  });

  it('answers what was asked when it broke off', () => {
    const first = drive();
    first.greet();
    first.says('What is the capital of France?');
    const handover = handoverOf(first.state);
    expect(handover.unfinished).toBe(true);
    const commands = drive().send({ type: 'call.joined', resumed: handover });
    expect(JSON.stringify(request(commands))).toContain('capital of France');
  });

  it('keeps of a sentence in progress what was heard, and no more', () => {
    const first = drive();
    first.send({ type: 'call.joined' });
    first.plays('line-1');
    first.send({ type: 'speech.progress', utteranceId: 'line-1', heard: 'Hello! How' });
    expect(handoverOf(first.state).history.at(-1)).toMatchObject({ text: 'Hello! How', status: 'heard' });
  });

  it('owns up to a tool call of which nobody knows what became', () => {
    const core = drive();
    const use = { type: 'toolUse', id: 'tool-1', name: 'submit', input: {} } as const;
    core.send({
      type: 'call.joined',
      resumed: {
        history: [
          { kind: 'user', text: 'Do it.' },
          { kind: 'toolUse', use },
        ],
        unfinished: true,
        turns: 1,
        told: [],
      },
    });
    expect(core.state.history).toContainEqual(
      expect.objectContaining({ kind: 'toolResult', toolUseId: 'tool-1', isError: true }),
    );
  });

  it('can break off twice', () => {
    const first = drive();
    first.greet();
    const second = drive();
    second.send({ type: 'call.joined', resumed: handoverOf(first.state) });
    second.plays('line-1');
    second.playedOut('line-1', 'Sorry, I lost the connection for a moment.');
    const third = drive();
    third.send({ type: 'call.joined', resumed: handoverOf(second.state) });
    const ids = third.state.history.flatMap((item) => (item.kind === 'assistant' ? [item.utteranceId] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(3);
  });
});

describe('a call that we have to end', () => {
  it('says goodbye in the place of what it was saying, then leaves', () => {
    const core = drive();
    core.send({ type: 'call.joined' });
    core.plays('line-1');
    const commands = core.send({ type: 'call.closing', text: 'Goodbye!' });
    expect(said(commands)).toEqual(['Goodbye!']);
    expect(commands).toContainEqual({ type: 'speech.cut', utteranceId: 'line-1', when: 'word' });
    core.wasCut('line-1', 'Hello');
    core.plays('line-2');
    expect(core.playedOut('line-2', 'Goodbye!')).toContainEqual({ type: 'call.leave' });
  });
});
