import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../src/conversation/command.ts';
import type { TimedEvent } from '../../src/conversation/event.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { initialState } from '../../src/conversation/state.ts';
import { step } from '../../src/conversation/step.ts';
import { Session, type SessionEnd } from '../../src/session/session.ts';
import type { SessionParts } from '../../src/session/sessionParts.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { untilPromisesSettle, VirtualClock } from '../support/virtualClock.ts';
import { Caller } from './caller.ts';
import { Coverage } from './coverage.ts';
import { unrest } from './invariants/comesToRest.ts';
import { heardIsHistory } from './invariants/heardIsHistory.ts';
import type { Invariant } from './invariants/invariant.ts';
import { NeverSilent } from './invariants/neverSilent.ts';
import { nobodyThere } from './invariants/nobodyThere.ts';
import { OneVoice } from './invariants/oneVoice.ts';
import { requestsAreValid } from './invariants/requestsAreValid.ts';
import { SubmitsOnce } from './invariants/submitsOnce.ts';
import { TasksAreTold } from './invariants/tasksAreTold.ts';
import { WordsArrive } from './invariants/wordsArrive.ts';
import { Yields } from './invariants/yields.ts';
import { Random } from './random.ts';
import type { Script } from './script.ts';
import { CountingClock } from './world/countingClock.ts';
import { Mouth } from './world/mouth.ts';
import { SimDetector } from './world/simDetector.ts';
import { SimEars } from './world/simEars.ts';
import { SimModel } from './world/simModel.ts';
import { SimOutput } from './world/simOutput.ts';
import { SimRecogniser } from './world/simRecogniser.ts';
import { SimRoom } from './world/simRoom.ts';
import { SimTasks } from './world/simTasks.ts';
import { simTools } from './world/simTools.ts';
import { SimVoice } from './world/simVoice.ts';
import { MOST_LATE_MS, Uplink } from './world/uplink.ts';

/** What a voice in trouble may add to a silence, ms: two attempts and the line from memory. */
const VOICE_GRACE_MS = 4_000;
/** What a local recogniser in trouble may add to a yield, ms: one answer that does not come. */
const EARS_GRACE_MS = 400;
/** All has to be quiet for so long before a call counts as at rest, ms; and it has to come to rest within the other. */
const REST_MS = 30_000;
const LONGEST_MS = 240_000;
const SLICE_MS = 500;
/** In one call of eight the core is asked everything twice. */
export const asksTwice = ({ seed }: Script): boolean => seed % 8 === 0;

export interface Outcome {
  /** What is broken; undefined: nothing. */
  readonly violation: string | undefined;
  /** Every event and command, for a look at what led there. */
  readonly log: readonly (TimedEvent | Command)[];
  readonly virtualMs: number;
  /** What happened, in the words of the coverage table. */
  readonly seen: ReadonlySet<string>;
}

/**
 * One call from beginning to end. The same script always gives the same outcome. `change` can put something else in the
 * place of a part, to see whether it is noticed.
 */
export async function runScript(
  script: Script,
  change: (parts: SessionParts) => SessionParts = (parts) => parts,
): Promise<Outcome> {
  const { seed, troubles, hasRecogniser } = script;
  const clock = new VirtualClock(0, untilPromisesSettle);
  const own = new CountingClock(clock);
  const log: (TimedEvent | Command)[] = [];
  let violation: string | undefined;
  const fail = (message: string) => {
    violation ??= `at ${Math.round(clock.now())} ms: ${message}`;
  };
  const dice = (stream: number) => new Random(seed, stream);

  let state = initialState;
  const invariants: Invariant[] = [];
  const output = new SimOutput(clock, (frame) => {
    for (const invariant of invariants) invariant.played?.(frame);
  });
  const room = new SimRoom(output, clock);
  const uplink = new Uplink(dice(7), clock, troubles.uplink);
  const mouth = new Mouth(clock, (frame) => {
    const { person } = caller;
    uplink.send(() => room.emit('audio', frame, person));
  });
  const voice = new SimVoice(dice(1), clock, troubles.voice);
  const ears = new SimEars(dice(2), clock, mouth, troubles.ears);
  const tasks = new SimTasks();
  const recogniser = new SimRecogniser(dice(3), clock, mouth, troubles.recogniser);

  const one = new OneVoice(voice, fail);
  const yields = new Yields(
    fail,
    (troubles.recogniser ? EARS_GRACE_MS : 0) + (troubles.uplink ? MOST_LATE_MS : 0),
  );
  const told = new TasksAreTold(tasks, fail);
  const submits = new SubmitsOnce(fail);
  const words = new WordsArrive(ears, fail);
  const silent = new NeverSilent(fail, troubles.voice ? VOICE_GRACE_MS : 0);
  const coverage = new Coverage(script);
  invariants.push(
    coverage,
    heardIsHistory(voice, one, fail),
    one,
    yields,
    told,
    submits,
    silent,
    nobodyThere(room, fail),
    requestsAreValid(fail),
  );
  recogniser.onWrong = () => yields.excuse();

  const caller = new Caller({ room, clock, mouth, yields, words, uplink, state: () => state });
  for (let i = 1; i <= script.pending; i++) {
    tasks.finish('caller-1', { jobId: `old-${i}`, description: `old report ${i}`, status: 'completed' });
  }
  const twice = asksTwice(script);
  let now: TimedEvent = { type: 'call.ended', at: 0 };
  let due: readonly Command[] = [];
  let ended: SessionEnd | undefined;
  const parts: SessionParts = {
    room,
    stt: ears,
    tts: voice,
    llm: new SimModel(dice(4), clock, troubles.model),
    detector: new SimDetector({ onsetMs: 100, silenceMs: 200 }),
    recogniser: hasRecogniser ? recogniser : undefined,
    tools: simTools({
      random: dice(5),
      clock,
      tasks,
      isTroubled: troubles.tools,
      onSubmit: (name, owner) => submits.submitted(name, owner),
    }),
    tasks,
    system: '',
    options: defaultConversationOptions,
    clock: own,
    log: silentLogger,
    observers: [
      {
        event(event) {
          if (ended && event.type !== 'tool.ended') fail(`${event.type} after the end of the call`);
          output.catchUp();
          log.push(event);
          if (event.type === 'stt.failed') yields.excuse();
          if (due.length > 0) fail(`${due.length} commands were not carried out`);
          now = event;
        },
        decided(after, commands) {
          const before = state;
          if (twice && !isDeepStrictEqual(step(before, now, defaultConversationOptions), [after, commands])) {
            fail(`${now.type}: not the same twice`);
          }
          [state, due] = [after, commands];
          for (const invariant of invariants) invariant.event?.(now, state, before);
        },
        command(command) {
          log.push(command);
          if (command !== due[0]) fail(`${command.type} instead of ${due[0]?.type}`);
          due = due.slice(1);
          for (const invariant of invariants) invariant.command?.(command);
        },
      },
    ],
  };
  const session = new Session(change(parts));
  void session.ended.then((end) => {
    ended = end;
  });

  await performed();
  if (violation === undefined && script.end.abruptMs === undefined) await rest();
  else if (violation === undefined) await clock.advance(script.end.abruptMs ?? 0);
  if (violation === undefined) await hangUp();
  return { violation, log, virtualMs: clock.now(), seen: coverage.seen };

  async function performed(): Promise<void> {
    let over = false;
    const performing = (async () => {
      for (const one of script.steps) await caller.perform(one);
      over = true;
    })();
    while (!over && violation === undefined && clock.now() < LONGEST_MS) await clock.advance(SLICE_MS);
    if (over) await performing;
  }

  /** Everything that is open is answered, told and finished, without anybody saying anything. */
  async function rest(): Promise<void> {
    let quietSince = clock.now();
    while (violation === undefined && clock.now() - quietSince < REST_MS) {
      await clock.advance(SLICE_MS);
      if (output.isAudible || state.unsaid.tasks.length > 0) quietSince = clock.now();
      if (clock.now() > LONGEST_MS) break;
    }
    const open = unrest(state);
    if (open !== '') fail(`never at rest: ${open}`);
    words.check(state);
    told.check(caller.person.identity);
  }

  async function hangUp(): Promise<void> {
    if (script.end.how === 'leaves') caller.leave();
    else if (script.end.how === 'roomCloses') room.close();
    else void session.hangUp();
    await clock.advance(3_500);
    if (!ended) fail('the call does not end');
    if (own.pending > 0) fail(`${own.pending} timers are left running`);
    await clock.advance(30_000);
    if (own.pending > 0) fail(`${own.pending} timers were set after the end`);
    told.check(undefined);
  }
}
