import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { Caller, Heard } from './caller.ts';
import type { Fixture } from './fixture.ts';
import type { SoundSpan } from './soundSpans.ts';

export interface DemoCallOptions {
  readonly caller: Caller;
  readonly clock: Clock;
  readonly sentence: (name: string) => Promise<Fixture>;
  /** Lets the batch finish now, where the batch service is the stand-in; otherwise the call waits for the real one. */
  readonly finishTask?: () => void;
  /** Longest wait for a task that cannot be told to finish, ms. */
  readonly taskTimeoutMs: number;
  /** The caller says this now. */
  readonly onSay: (text: string) => void;
}

export interface DemoCallResult {
  /** Per turn: end of the caller's speech → first audible sample of the agent, ms. */
  readonly responses: readonly { readonly said: string; readonly ms: number }[];
  /** First audible sample of the interruption → last audible sample of the agent, ms. */
  readonly interruptionMs: number;
  /** The notice and the result as the caller's own recogniser understood them. */
  readonly announcement: string;
  readonly result: string;
}

const ANSWER_TIMEOUT_MS = 20_000;
const LONGEST_ANSWER_MS = 60_000;
/** Silence after which a person takes an answer for finished, ms. */
const FINISHED_MS = 1_300;
/** Longest wait for a recogniser that has fallen behind, on a machine that is busy with something else. */
const UNDERSTANDING_MS = 30_000;

/** The demo call, from the caller's side: small talk, a task, its notice in mid-sentence, its result, a barge-in. */
export async function demoCall(options: DemoCallOptions): Promise<DemoCallResult> {
  const { caller, clock } = options;
  const responses: { said: string; ms: number }[] = [];

  const say = async (name: string): Promise<SoundSpan> => {
    const { pcm, text } = await options.sentence(name);
    options.onSay(text);
    return caller.say(pcm);
  };
  const must = <T>(value: T | undefined, waitedFor: string): T => {
    if (value !== undefined) return value;
    throw new VoiceAgentError(
      'VA_ROOM_CLOSED',
      `the caller gave up waiting for ${waitedFor}; see the log above`,
    );
  };
  const answerEnds = async () =>
    must(await caller.agentStops(FINISHED_MS, LONGEST_ANSWER_MS), 'the agent to finish');
  /** Says it and hears the whole answer. */
  const ask = async (name: string): Promise<SoundSpan> => {
    const span = await say(name);
    const { text } = await options.sentence(name);
    const startMs = must(await caller.agentStarts(span.endMs, ANSWER_TIMEOUT_MS), `an answer to "${text}"`);
    responses.push({ said: text, ms: startMs - span.endMs });
    await answerEnds();
    return span;
  };

  must(await caller.agentStarts(0, ANSWER_TIMEOUT_MS), 'the greeting');
  await answerEnds();
  await ask('capital-of-france');
  await ask('business-plan');
  await ask('task-status');

  const announcement = await hearNotice();

  const yes = await say('yes-read-it');
  const readFrom = must(await caller.agentStarts(yes.endMs, ANSWER_TIMEOUT_MS), 'the result');
  responses.push({ said: (await options.sentence('yes-read-it')).text, ms: readFrom - yes.endMs });
  await sleep(clock, 6_000);
  const stop = await say('stop-wait');
  const silentMs = must(
    caller.agentSound.findLast(({ startMs }) => startMs < stop.startMs)?.endMs,
    'the agent to read the result',
  );
  await caller.agentStarts(stop.endMs, ANSWER_TIMEOUT_MS);
  await answerEnds();
  await caller.understood(UNDERSTANDING_MS);
  const result = caller.words(readFrom, stop.startMs);

  await ask('goodbye');
  // Hanging up ends the understanding too.
  await caller.understood(UNDERSTANDING_MS);
  return { responses, interruptionMs: Math.max(0, silentMs - stop.startMs), announcement, result };

  /** A long answer, into which the notice has to break. */
  async function hearNotice(): Promise<string> {
    const span = await say('history-of-coffee');
    const startMs = must(await caller.agentStarts(span.endMs, ANSWER_TIMEOUT_MS), 'the story');
    responses.push({ said: (await options.sentence('history-of-coffee')).text, ms: startMs - span.endMs });
    await sleep(clock, 3_000);
    options.finishTask?.();
    // Either half may be misheard.
    const isNotice = /ready|would you like/i;
    const timeout = options.finishTask ? ANSWER_TIMEOUT_MS * 2 : options.taskTimeoutMs;
    const notice: Heard = must(
      await caller.hears(isNotice, startMs, timeout),
      'the notice that the task is ready',
    );
    await answerEnds();
    await caller.understood(UNDERSTANDING_MS);
    // The words around the interruption belong to it: a recogniser cuts where it likes.
    return caller.words(notice.startMs - 3_000);
  }
}
