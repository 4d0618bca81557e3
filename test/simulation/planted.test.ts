import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../src/conversation/command.ts';
import type { TimedEvent } from '../../src/conversation/event.ts';
import type { ConversationState } from '../../src/conversation/state.ts';
import type { SessionParts } from '../../src/session/sessionParts.ts';
import { asksTwice, runScript } from './runScript.ts';
import { makeScript, type Script } from './script.ts';

type Stepped = readonly [ConversationState, readonly Command[]];
type Wrapper = (
  step: (event: TimedEvent, state?: ConversationState) => Stepped,
  event: TimedEvent,
  state: ConversationState,
) => Stepped;

/** What stands between everybody and the core; undefined: nothing. */
const planted = vi.hoisted((): { wrapper: unknown } => ({ wrapper: undefined }));
const isWrapper = (value: unknown): value is Wrapper => typeof value === 'function';

vi.mock(import('../../src/conversation/step.ts'), async (original) => {
  const { step } = await original();
  return {
    step: (state, event, options) =>
      isWrapper(planted.wrapper)
        ? planted.wrapper((changed, other = state) => step(other, changed, options), event, state)
        : step(state, event, options),
  };
});

/** Calls in which a planted bug has to show itself. */
const CALLS = 150;

/** What is noticed first. */
async function noticed(plant: Plant): Promise<string> {
  let calls = 0;
  for (let seed = 1; calls < CALLS; seed++) {
    const script = makeScript(seed);
    if (plant.where?.(script) === false) continue;
    calls++;
    planted.wrapper = plant.core?.();
    const { violation } = await runScript(script, plant.parts);
    if (violation !== undefined) return violation;
  }
  return 'nothing';
}

interface Plant {
  /** A core with a bug, for one call. */
  readonly core?: () => Wrapper;
  /** The calls that are worth trying, where it shows itself in few. */
  readonly where?: (script: Script) => boolean;
  /** A part with a bug. */
  readonly parts?: (parts: SessionParts) => SessionParts;
}

/** The core, and somebody who loses some of its commands. */
const losing = (isLost: (command: Command, event: TimedEvent) => boolean) => (): Wrapper => (step, event) => {
  const [state, commands] = step(event);
  return [state, commands.filter((command) => !isLost(command, event))];
};
/** The core, and somebody who keeps some of what happens from it. */
const deafTo =
  (isKept: (event: TimedEvent, state: ConversationState) => boolean) => (): Wrapper => (step, event, state) =>
    isKept(event, state) ? [state, []] : step(event);
/** An object with some of its methods replaced. */
const changed = <T extends object>(whole: T, change: Partial<T>): T =>
  new Proxy(whole, {
    get(target, name) {
      const own: unknown = Reflect.get(change, name);
      const value: unknown = own ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
const withRoomOutput = (
  { room, ...parts }: SessionParts,
  change: Partial<SessionParts['room']['output']>,
) => ({
  ...parts,
  room: changed(room, { output: changed(room.output, change) }),
});

afterEach(() => {
  planted.wrapper = undefined;
});

describe('a planted bug is noticed', () => {
  it.each<[string, RegExp, Plant]>([
    [
      '1: what the room has queued goes on after a cut',
      /after the end of every utterance|jumps|is audible during|heard is/,
      { parts: (parts) => withRoomOutput(parts, { clear: () => Promise.resolve() }) },
    ],
    [
      '1: nobody listens to what is said over us',
      /still audible/,
      {
        parts: ({ recogniser, ...parts }) => ({
          ...parts,
          recogniser: recogniser && changed(recogniser, { transcribe: async () => '' }),
        }),
      },
    ],
    ['1: the voice stays low', /still quiet/, { core: losing(({ type }) => type === 'speech.restore') }],
    [
      '2: a request without the results of its tools',
      /not valid/,
      {
        core: () => (step, event) => {
          const [state, commands] = step(event);
          const cut = commands.map((command) =>
            command.type === 'llm.start'
              ? {
                  ...command,
                  messages: command.messages.map((message) =>
                    message.role === 'user'
                      ? { ...message, content: message.content.filter(({ type }) => type !== 'toolResult') }
                      : message,
                  ),
                }
              : command,
          );
          return [state, cut];
        },
      },
    ],
    [
      '3: a finished task is missed while the caller speaks',
      /never told/,
      { core: deafTo(({ type }, { turn }) => type === 'task.finished' && turn.status !== 'listening') },
    ],
    [
      '3: a notice that was heard is not reported',
      /reported as heard/,
      { core: losing(({ type }) => type === 'task.heard') },
    ],
    [
      '3: every notice is told again',
      /told 2 times/,
      {
        core: () => {
          const denied = new Set<TimedEvent>();
          return (step, event, state) => {
            const isNotice = state.floor.status !== 'free' && state.floor.utterance.kind === 'notice';
            const isTold = event.type === 'speech.ended' && event.outcome === 'complete' && isNotice;
            if (event.type === 'speech.progress' && isNotice) return step({ ...event, heard: '' });
            // The core is asked twice about each event.
            if (!isTold || (denied.size > 0 && !denied.has(event))) return step(event);
            denied.add(event);
            return step({ ...event, heard: '', outcome: 'cut' });
          };
        },
      },
    ],
    [
      '4: the ledger does not know turns',
      /was submitted \d+ times/,
      {
        parts: (parts) => {
          let calls = 0;
          const { tools } = parts;
          return {
            ...parts,
            tools: changed(tools, { run: (use, context) => tools.run(use, { ...context, turn: ++calls }) }),
          };
        },
      },
    ],
    [
      '4: every tool runs twice',
      /runs twice/,
      {
        core: () => (step, event) => {
          const [state, commands] = step(event);
          return [
            state,
            commands.flatMap((one): readonly Command[] => (one.type === 'tool.run' ? [one, one] : [one])),
          ];
        },
      },
    ],
    [
      '5: history keeps what was generated',
      /history has/,
      {
        core: () => (step, event, state) => {
          const item = state.history.find(
            (one) =>
              event.type === 'speech.ended' && 'utteranceId' in one && one.utteranceId === event.utteranceId,
          );
          return event.type === 'speech.ended' && item?.kind === 'assistant'
            ? step({ ...event, heard: item.text })
            : step(event);
        },
      },
    ],
    [
      '5: playback takes what is queued for heard',
      /heard is|not all was played/,
      { parts: (parts) => withRoomOutput(parts, { queuedSamples: () => 0 }) },
    ],
    [
      '6: a hold that nothing ends',
      /never at rest|held|silent for/,
      {
        core: losing(({ type }) => type === 'speech.resume'),
        where: ({ steps }) =>
          steps.some(
            (one) =>
              one.does === 'say' &&
              (one.what === 'backchannel' || one.what === 'noise') &&
              one.at.when === 'now' &&
              one.at.ms < 2_000,
          ),
      },
    ],
    [
      '6: a turn that waits for ever',
      /never at rest|never reached/,
      { core: deafTo((event) => event.type === 'timer' && event.name.startsWith('turn.')) },
    ],
    [
      '6: something is left behind at the end',
      /timers are left/,
      {
        parts: (parts) => {
          const { clock, detector } = parts;
          const close = () => {
            clock.setTimer(60_000, () => {});
          };
          return { ...parts, detector: changed(detector, { close }) };
        },
      },
    ],
    [
      '6: the end of the room is missed',
      /the call does not end/,
      {
        parts: (parts) => {
          const { room } = parts;
          const on: typeof room.on = (event, listener) =>
            event === 'closed' ? () => {} : room.on(event, listener);
          return { ...parts, room: changed(room, { on }) };
        },
      },
    ],
    [
      '7: no filler breaks a silence',
      /silent for/,
      { core: losing((command) => command.type === 'timer.set' && command.name === 'silence') },
    ],
    [
      '7: a model that fails is not owned up to',
      /silent for|never at rest/,
      { core: deafTo(({ type }) => type === 'llm.failed') },
    ],
    [
      'nobody notices that the caller has left',
      /nobody is there/,
      { core: deafTo(({ type }) => type === 'call.left') },
    ],
    [
      'a notice that the voice could not speak is not tried again',
      /never at rest|never told/,
      {
        core: losing((command) => command.type === 'timer.set' && command.name === 'notice.again'),
        where: ({ troubles }) => troubles.voice,
      },
    ],
    [
      'words that come while the caller goes on are lost',
      /never reached the model/,
      {
        core: deafTo(({ type }, { turn }) => type === 'stt.committed' && turn.status === 'speaking'),
        where: ({ steps }) => steps.some((one) => one.does === 'say' && one.stretches.length > 2),
      },
    ],
    [
      'words that come after their turn are lost',
      /never reached the model/,
      {
        core: deafTo(
          (event, { turn }) =>
            event.type === 'stt.committed' && event.text !== '' && turn.status === 'listening',
        ),
        where: ({ troubles }) => troubles.ears,
      },
    ],
    [
      'the core is not the same twice',
      /not the same twice|not carried out/,
      {
        core: () => {
          let steps = 0;
          return (step, event) => {
            const [state, commands] = step(event);
            return [state, ++steps % 5 === 0 ? commands.slice(1) : commands];
          };
        },
        where: asksTwice,
      },
    ],
  ])('%s', { timeout: 60_000 }, async (_, notice, plant) => {
    expect(await noticed(plant)).toMatch(notice);
  });
});
