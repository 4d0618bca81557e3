import { INPUT_RATE } from '../../src/audio/format.ts';
import { noticeText } from '../../src/conversation/noticeText.ts';
import { sleep } from '../../src/time/sleep.ts';
import { CALLER, type Lane } from './lane.ts';
import { begun, poll, reading } from './listening.ts';
import { locate } from './locate.ts';
import { ANSWER } from './script.ts';
import type { TimedClip } from './timedClip.ts';

export type NoticeScene = 'idle' | 'over own speech' | 'while the caller speaks' | 'the caller speaks again';

/** A task that finished, as its owner heard of it. */
export interface Notice {
  readonly scene: NoticeScene;
  /** The completion is seen → the first sample of the notice, ms; undefined: never heard. */
  readonly afterMs: number | undefined;
  /** Its key words were heard without a gap in one of its tellings. */
  readonly heardInFull: boolean;
  /** How long it went on over the caller's words, ms. */
  readonly overCallerMs: number;
  /** It began while the caller was speaking: how long they had been, ms. */
  readonly beganOverMs: number | undefined;
  /** What became of it. */
  readonly story: string;
}

const TIMEOUT_MS = 15_000;
/** Pieces of a notice are looked for around where they should be, and known again at so much likeness. */
const PIECE = (200 * INPUT_RATE) / 1000;
const EARLY = (100 * INPUT_RATE) / 1000;
const LATE = (600 * INPUT_RATE) / 1000;
const LIKE = 0.5;
/** The codec and the jitter buffer spoil a piece now and then. */
const ENOUGH = 0.8;

/** Closer together nobody can tell who began, ms. */
const TOGETHER_MS = 60;

const taskName = (index: number): string => `plan ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[index % 26] ?? ''}`;

export const noticeOf = (index: number): string =>
  noticeText({ description: taskName(index), status: 'completed' });

export interface Notices {
  readonly notices: readonly Notice[];
  readonly failures: readonly string[];
}

/** Lets one task after the other finish, each in the next of the scenes. */
export async function measureNotices(
  lane: Lane,
  question: TimedClip,
  remark: TimedClip,
  scenes: readonly NoticeScene[],
): Promise<Notices> {
  const notices: Notice[] = [];
  const failures: string[] = [];
  await begun(lane);
  for (const [index, scene] of scenes.entries()) {
    const notice = await measure(lane, scene, index, question, remark);
    if (notice) notices.push(notice);
    else failures.push(`${scene}: the agent did not read`);
  }
  return { notices, failures };
}

/** Undefined where the agent was to speak and did not. */
async function measure(
  lane: Lane,
  scene: NoticeScene,
  index: number,
  question: TimedClip,
  remark: TimedClip,
): Promise<Notice | undefined> {
  const { caller, clock, log, tasks } = lane;
  const description = taskName(index);
  const { task } = await tasks.submit(CALLER, description, `Write ${description}.`);
  await sleep(clock, 400);
  const spoke: { readonly startMs: number; readonly endMs: number }[] = [];
  if (scene !== 'over own speech') lane.answer(ANSWER);
  else if ((await reading(lane, question)) === undefined) return undefined;
  const fromMs = clock.now();
  if (scene === 'while the caller speaks') {
    const lengthMs = (question.pcm.length * 1000) / INPUT_RATE;
    const talking = lane.say(question);
    // Anywhere from the first word to just after the last one.
    await sleep(clock, 150 + ((index * 0.37) % 1) * (lengthMs + 300));
    lane.finish(task.jobId);
    spoke.push(await talking);
  } else {
    lane.finish(task.jobId);
  }
  const seen = await until(() => log.events('task.finished', fromMs)[0]?.at);
  if (scene === 'the caller speaks again') {
    const noticeFrom = await until(() => noticeStarts(lane, fromMs)[0]);
    if (noticeFrom !== undefined) {
      await sleep(clock, 100 + ((index * 0.31) % 1) * 800);
      spoke.push(await lane.say(remark));
    }
  }
  await until(() => log.commands('task.heard', fromMs)[0]?.at);
  await caller.agentStops(900, 8_000);
  return judge(lane, scene, index, seen, fromMs, spoke);

  function until<T>(look: () => T | undefined): Promise<T | undefined> {
    return poll(lane, look, TIMEOUT_MS);
  }
}

/** When each telling of a notice was given to the room. */
function noticeStarts({ log }: Lane, fromMs: number): number[] {
  return log
    .events('speech.started', fromMs)
    .filter(({ utteranceId }) => utteranceId.startsWith('line-'))
    .map(({ at }) => at);
}

function judge(
  lane: Lane,
  scene: NoticeScene,
  index: number,
  seen: number | undefined,
  fromMs: number,
  spoke: readonly { readonly startMs: number; readonly endMs: number }[],
): Notice {
  const { heard } = lane;
  const { pcm, marks, text } = lane.spoken(noticeOf(index));
  const keyEnd = text.search(/[.?!](\s|$)/);
  const keyMs = marks[keyEnd]?.startMs ?? 0;
  const keySamples = Math.round((keyMs * INPUT_RATE) / 1000);
  const tellings = noticeStarts(lane, fromMs).flatMap((at) => {
    const given = heard.sampleAt(at);
    const found: { readonly like: number; readonly at: number }[] = [];
    for (let piece = 0; piece + PIECE <= keySamples; piece += PIECE) {
      const from = Math.max(0, given + piece - EARLY);
      const around = heard.read(from, given + piece + LATE + PIECE);
      const place = locate(around, pcm.subarray(piece, piece + PIECE), 0, around.length);
      found.push({ like: place?.likeness ?? 0, at: from + (place?.at ?? 0) - piece });
    }
    const alike = found.filter(({ like }) => like >= LIKE);
    const first = alike[0];
    if (!first) return [];
    const share = alike.length / found.length;
    return [{ startMs: heard.timeOf(first.at), full: share >= ENOUGH, share }];
  });
  const first = tellings[0]?.startMs;
  const overCallerMs = spoke.reduce((sum, { startMs, endMs }) => {
    const sounds = heard.sound.filter((span) => first !== undefined && span.endMs > Math.max(startMs, first));
    return (
      sum +
      sounds.reduce(
        (ms, span) =>
          ms + Math.max(0, Math.min(span.endMs, endMs) - Math.max(span.startMs, startMs, first ?? 0)),
        0,
      )
    );
  }, 0);
  return {
    scene,
    afterMs: first === undefined || seen === undefined ? undefined : first - seen,
    heardInFull: tellings.some(({ full }) => full),
    overCallerMs,
    beganOverMs: tellings
      .flatMap((telling) =>
        spoke.flatMap(({ startMs, endMs }) => (telling.startMs < endMs ? [telling.startMs - startMs] : [])),
      )
      .find((ms) => ms > TOGETHER_MS),
    story: story(),
  };

  function story(): string {
    const begun = noticeStarts(lane, fromMs).map((at) => `given at ${(at - fromMs).toFixed(0)}`);
    const ended = lane.log
      .events('speech.ended', fromMs)
      .map(
        ({ at, outcome, heard: words, utteranceId }) =>
          `${utteranceId} ${outcome} at ${(at - fromMs).toFixed(0)} '${words}'`,
      );
    const likes = tellings.map(
      ({ startMs, share }) => `heard from ${(startMs - fromMs).toFixed(0)}, ${share.toFixed(2)} of it`,
    );
    const told = lane.log.commands('task.heard', fromMs)[0];
    const words = spoke.map(
      ({ startMs, endMs }) => `caller ${(startMs - fromMs).toFixed(0)} to ${(endMs - fromMs).toFixed(0)}`,
    );
    return [
      ...words,
      ...begun,
      ...likes,
      ...ended,
      told ? `told at ${(told.at - fromMs).toFixed(0)}` : 'not told',
    ].join('; ');
  }
}
