import { expect, it } from 'vitest';
import type { Command } from '../../src/conversation/command.ts';
import type { TimedEvent } from '../../src/conversation/event.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import type { LanguageModel, LlmEvent, LlmRequest } from '../../src/llm/languageModel.ts';
import { Session } from '../../src/session/session.ts';
import { createTaskDesk } from '../../src/tasks/taskDesk.ts';
import { voiceTools } from '../../src/tasks/voiceTools.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import type { Clock } from '../../src/time/clock.ts';
import { sleep } from '../../src/time/sleep.ts';
import { createToolBox } from '../../src/tools/toolBox.ts';
import { requestsAreValid } from '../simulation/invariants/requestsAreValid.ts';
import { Random } from '../simulation/random.ts';
import { Mouth } from '../simulation/world/mouth.ts';
import { SimDetector } from '../simulation/world/simDetector.ts';
import { SimEars } from '../simulation/world/simEars.ts';
import { SimOutput } from '../simulation/world/simOutput.ts';
import { SimRecogniser } from '../simulation/world/simRecogniser.ts';
import { SimRoom } from '../simulation/world/simRoom.ts';
import { SimVoice } from '../simulation/world/simVoice.ts';
import { FakeBatchApi } from '../support/fakeBatchApi.ts';
import { createMemoryTaskStore } from '../support/memoryTaskStore.ts';
import { untilPromisesSettle, VirtualClock } from '../support/virtualClock.ts';

const FROM_MS = -200;
const TO_MS = 1_500;
const STEP_MS = 10;
/** Long enough for the answer to what was said over us, ms. */
const AFTER_MS = 4_500;

/** The same wish, as a model words it the second and the third time. */
const WISHES = [
  'Write a business plan for a coffee shop.',
  'Please write a business plan for a coffee shop',
  'write a coffee shop business plan!',
];

/** Submits at every word of the caller, whether it has done so already or not; at its worst, twice at once. */
class RetryingModel implements LanguageModel {
  readonly #clock: Clock;
  readonly #twice: boolean;
  #attempts = 0;

  constructor(clock: Clock, twice: boolean) {
    this.#clock = clock;
    this.#twice = twice;
  }

  async check(): Promise<void> {}

  async *reply({ messages }: LlmRequest, { signal }: { signal: AbortSignal }): AsyncGenerator<LlmEvent> {
    const last = messages.at(-1)?.content.at(-1);
    const isAnswer = last?.type === 'toolResult';
    const words = isAnswer
      ? ['It ', 'has ', 'been ', 'started.']
      : ['Sure, ', 'I ', 'start ', 'on ', 'that.'];
    await sleep(this.#clock, 250, signal);
    for (const text of words) {
      if (signal.aborted) return;
      yield { type: 'text', text };
      await sleep(this.#clock, 40, signal);
    }
    if (signal.aborted) return;
    const uses = isAnswer ? [] : this.#twice ? [this.#use(), this.#use()] : [this.#use()];
    yield {
      type: 'end',
      stopReason: isAnswer ? 'end' : 'toolUse',
      toolUses: uses,
      usage: { inputTokens: 0, outputTokens: 0 },
    };
  }

  #use() {
    const detailed_prompt = WISHES[this.#attempts % WISHES.length];
    const input = { task_description: 'business plan for a coffee shop', detailed_prompt };
    return { type: 'toolUse', id: `use-${++this.#attempts}`, name: 'submit_batch_task', input } as const;
  }
}

interface Run {
  readonly jobs: number;
  readonly toolRuns: readonly string[];
  /** When the first tool was run, ms. */
  readonly toolAt: number;
  readonly problem: string | undefined;
  /** Tool uses of which the last request did not hold the result, though a request came after them. */
  readonly unanswered: readonly string[];
}

/** One call: a wish, and at `bargeInAt` words over it, whatever is going on then. */
async function call(bargeInAt: number | undefined, submitMs: number, twice: boolean): Promise<Run> {
  const clock = new VirtualClock(0, untilPromisesSettle);
  const output = new SimOutput(clock, () => {});
  const room = new SimRoom(output, clock);
  const mouth = new Mouth(clock, (frame) => room.emit('audio', frame, person));
  const api = new FakeBatchApi();
  const submit = api.submit.bind(api);
  api.submit = async (request) => {
    const submitted = await submit(request);
    await sleep(clock, submitMs);
    return submitted;
  };
  const desk = createTaskDesk({ api, store: createMemoryTaskStore(), clock, log: silentLogger });
  const toolRuns: string[] = [];
  const ended = new Set<string>();
  const unanswered = new Set<string>();
  let toolAt = 0;
  let problem: string | undefined;
  const valid = requestsAreValid((message) => {
    problem ??= message;
  });
  const watch = (command: Command, at: number) => {
    valid.command?.(command);
    if (command.type === 'tool.run') {
      toolRuns.push(command.use.id);
      if (toolAt === 0) toolAt = at;
    }
    if (command.type !== 'llm.start') return;
    const parts = command.messages.flatMap(({ content }): { readonly type: string; toolUseId?: string }[] => [
      ...content,
    ]);
    for (const id of toolRuns) {
      const isAnswered = parts.some((part) => part.type === 'toolResult' && part.toolUseId === id);
      if (!isAnswered) unanswered.add(id);
    }
  };
  const session = new Session({
    room,
    stt: new SimEars(new Random(1, 2), clock, mouth, false),
    tts: new SimVoice(new Random(1, 1), clock, false),
    llm: new RetryingModel(clock, twice),
    detector: new SimDetector({ onsetMs: 100, silenceMs: 200 }),
    recogniser: new SimRecogniser(new Random(1, 3), clock, mouth, false),
    tools: createToolBox(voiceTools(desk), { clock }),
    tasks: { follow: () => () => {}, heard() {} },
    system: '',
    options: { ...defaultConversationOptions, greeting: '' },
    clock,
    log: silentLogger,
    observers: [
      {
        event(event: TimedEvent) {
          if (event.type === 'tool.ended') ended.add(event.toolUseId);
        },
        command: watch,
      },
    ],
  });
  const person = room.join('ann');
  clock.setTimer(500, () => {
    const words = 'Please make a business plan for a coffee shop.'.split(' ');
    void mouth.say([{ words, ms: 1_800, pauseMs: 0 }]);
  });
  if (bargeInAt !== undefined) {
    clock.setTimer(bargeInAt, () => {
      const words = 'Wait, make it a short one please.'.split(' ');
      void mouth.say([{ words, ms: 1_200, pauseMs: 0 }]);
    });
  }
  await clock.advance((bargeInAt ?? 3_000) + AFTER_MS);
  const open = toolRuns.filter((id) => !ended.has(id));
  const jobs = api.jobs.size;
  void session.hangUp();
  await clock.advance(100);
  await desk.stop();
  return { jobs, toolRuns, toolAt, problem, unanswered: [...unanswered, ...open] };
}

it.each([
  ['a quick batch service', 60, false],
  ['a slow batch service', 1_100, false],
  ['a model that calls twice at once', 400, true],
])(
  'whenever the caller breaks in around the tool call, the task is submitted once and every call is answered: %s',
  { timeout: 60_000 },
  async (_name, submitMs, twice) => {
    const calm = await call(undefined, submitMs, twice);
    expect(calm).toMatchObject({ jobs: 1, problem: undefined, unanswered: [] });
    const wrong: string[] = [];
    let retries = 0;
    for (let offset = FROM_MS; offset <= TO_MS; offset += STEP_MS) {
      const run = await call(calm.toolAt + offset, submitMs, twice);
      if (run.toolRuns.length > (twice ? 2 : 1)) retries++;
      if (run.jobs !== 1) wrong.push(`${offset} ms: ${run.jobs} jobs`);
      if (run.problem) wrong.push(`${offset} ms: ${run.problem}`);
      if (run.unanswered.length > 0) wrong.push(`${offset} ms: ${run.unanswered} unanswered`);
    }
    expect(wrong).toEqual([]);
    // Most of them made the model call again: otherwise nothing was put to the test.
    expect(retries).toBeGreaterThan(100);
  },
);
