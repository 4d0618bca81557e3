import { availableParallelism, cpus, loadavg } from 'node:os';
import { liveKitVenue, localVenue, type Venue } from '../../src/app/venue.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { startLiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { createFlite } from '../../src/offline/flite.ts';
import { createMoonshine } from '../../src/perception/moonshine.ts';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { cannedVoice } from '../latency/cannedVoice.ts';
import { READING } from '../reading.ts';
import { boardRows } from './boards.ts';
import { callersClips } from './callersClips.ts';
import { type Lane, openLane } from './lane.ts';
import type { Echo } from './loudspeaker.ts';
import { measureAnswers } from './measureAnswers.ts';
import { measureEcho } from './measureEcho.ts';
import { measureInterruptions } from './measureInterruptions.ts';
import { measureListeners } from './measureListeners.ts';
import { measureNotices, type NoticeScene, noticeOf } from './measureNotices.ts';
import { measurePauses } from './measurePauses.ts';
import { measureStraySounds } from './measureStraySounds.ts';
import { type Row, table } from './report.ts';
import {
  answerRows,
  echoRows,
  failureRows,
  interruptionRows,
  listenerRows,
  noticeRows,
  ownTimeRows,
  pauseRows,
  shiftRows,
  strayRows,
} from './rows.ts';
import { LONG_READING } from './script.ts';
import { VENDOR_TIMES, type VendorTimes } from './vendorTimes.ts';

export interface ConversationOptions {
  readonly room: 'local' | 'livekit';
  readonly quick: boolean;
  /** Only these parts, by name. */
  readonly only: readonly string[];
}

/** Said with the help and with the figures. */
export const EXIT_CODE =
  'Exit code 1: something could not be measured. An aim that is missed does not change it.';

const ABOUT = `
Real audio through the whole agent and back to the caller, in several calls. The vendors are stand-ins on their wire
protocols; they answer from memory, exactly as late as they are told (words: what was said, cut by the time at which it
was said; speech: made before, without its silences, so that every silence is the agent's doing). The local ears are
real: detector and recogniser compute on this machine. Callers' interruptions and backchannels are held-out phrases in
held-out voices. Measured at the caller: sound above -48 dBFS in steps of 5 ms, from its arrival. Echo has natural
speech, and a vendor whose words are the local recogniser's. What fails counts as never, and misses its aim with that.
${EXIT_CODE}
`;

const FULL = {
  answers: 20,
  slowAnswers: 6,
  ownAnswers: 12,
  clips: { interruptions: 40, backchannels: 42, noises: 22, stray: 16, paused: 13 },
  exact: 8,
  notices: 6,
  disturbed: 13,
  echoes: 9,
};
const QUICK: typeof FULL = {
  answers: 8,
  slowAnswers: 3,
  ownAnswers: 6,
  clips: { interruptions: 10, backchannels: 12, noises: 6, stray: 5, paused: 4 },
  exact: 3,
  notices: 2,
  disturbed: 3,
  echoes: 3,
};

const ECHOES: readonly Echo[] = [-6, -12, -20].flatMap((db) =>
  [50, 150, 300].map((delayMs) => ({ db, delayMs })),
);

const NO_SERVER =
  'No livekit-server here, so the calls are held in the in-process room. Run `npm run livekit` (needs Go), or set LIVEKIT_SERVER_BIN.';

/** Measures whole conversations and prints what came of them; resolves with whether everything was measured. */
export async function conversation(options: ConversationOptions): Promise<boolean> {
  const clock = systemClock;
  const log = createLogger({ level: 'error', destination: process.stderr });
  const size = options.quick ? QUICK : FULL;
  const startedAt = clock.now();
  let complete = true;
  print(ABOUT);
  print(
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  );
  const bin = options.room === 'livekit' ? await findLiveKitServer(readEnvironment()) : undefined;
  if (options.room === 'livekit' && bin === undefined) print(NO_SERVER);
  const server = bin === undefined ? undefined : await startLiveKitServer({ bin, log });
  const local = localVenue({ clock, log });
  const venue = server ? liveKitVenue(server, { clock, log }) : local;
  print(venue.description);
  const ears = createMoonshine();
  const vendorEars = createMoonshine();
  const natural = createFlite();
  const voice = cannedVoice(natural);
  const clips = await callersClips(size.clips);
  await Promise.all([ears.warm(), natural.warm()]);
  print(`clips made after ${((clock.now() - startedAt) / 1000).toFixed(0)} s`);
  const [question] = clips.questions;
  if (!question) throw new RangeError('no questions');

  /** Holds one call and hangs up. */
  async function call<T>(
    name: string,
    measure: (lane: Lane) => Promise<T>,
    part: { times: VendorTimes; texts?: readonly string[]; venue?: Venue; echo?: boolean },
  ): Promise<T> {
    const lane = await openLane({
      name,
      venue: part.venue ?? venue,
      clock,
      log,
      times: part.times,
      voice: part.echo === true ? natural : voice,
      ears,
      ...(part.echo === true ? { vendorEars, loudspeaker: true } : {}),
      texts: part.texts ?? [],
    });
    return measure(lane).finally(() => lane.hangUp());
  }

  async function part<T extends { readonly failures: readonly string[] }>(
    title: string,
    measure: () => Promise<T>,
    rows: (result: T) => readonly Row[],
  ): Promise<T | undefined> {
    if (options.only.length > 0 && !options.only.includes(title.split(':')[0] ?? title)) return undefined;
    const before = load();
    const partAt = clock.now();
    const result = await measure().catch((error: unknown) => {
      // One call that broke must not take what the others measured with it.
      print(`\n${title}: not measured: ${error instanceof Error ? error.message : String(error)}`);
      complete = false;
      return undefined;
    });
    if (result === undefined) return undefined;
    complete &&= result.failures.length === 0;
    print(`\n${table(title, [...rows(result), ...failureRows(result.failures)])}`);
    print(`  ${((clock.now() - partAt) / 1000).toFixed(0)} s; load average ${before} → ${load()}`);
    return result;
  }

  const { median, slow, none } = VENDOR_TIMES;
  const named = ({ stt, llm, tts, name }: VendorTimes) => `${name}: ${stt} / ${llm} / ${tts} ms`;
  const only = (scene: NoticeScene, count: number) => Array.from({ length: count }, () => scene);
  const remark = clips.interruptions[0] ?? question;
  const noticeTexts = (count: number) => Array.from({ length: count }, (_, i) => noticeOf(i));
  // The model has no part in yielding: without its delay the next reading comes sooner.
  const atOnce = { ...median, llm: 0 };

  try {
    const answers = await part(
      `answers: ${named(median)}`,
      () => call('answers', (lane) => measureAnswers(lane, clips.questions, size.answers), { times: median }),
      (result) => answerRows(result, median, true),
    );
    await part(
      `own: ${named(none)}`,
      () => call('own', (lane) => measureAnswers(lane, clips.questions, size.ownAnswers), { times: none }),
      ownTimeRows,
    );
    const interruptions = await part(
      'interruptions: medians, the model at 0',
      () =>
        call('interruptions', (lane) => measureInterruptions(lane, question, clips.interruptions), {
          times: atOnce,
          texts: [READING],
        }),
      interruptionRows,
    );
    const backchannels = await part(
      'backchannels: medians, the model at 0',
      () =>
        call('backchannels', (lane) => measureListeners(lane, question, clips.backchannels), {
          times: atOnce,
          texts: [LONG_READING],
        }),
      (result) => [...listenerRows('backchannels', result, 0.9), ...shiftRows('in this room', result, false)],
    );
    const noises = await part(
      'noises: medians, the model at 0',
      () =>
        call('noises', (lane) => measureListeners(lane, question, clips.noises), {
          times: atOnce,
          texts: [LONG_READING],
        }),
      (result) => listenerRows('noises', result, 0.98),
    );
    const exact = clips.backchannels.filter((_, i) => i % 4 === 0).slice(0, size.exact);
    await part(
      'samples: in-process room, where nothing but the agent can lose one',
      () =>
        call('samples', (lane) => measureListeners(lane, question, exact), {
          times: atOnce,
          texts: [LONG_READING],
          venue: local,
        }),
      (result) => shiftRows('in-process room', result, true),
    );
    const quiet = await part(
      'silence: two calls at once, medians',
      async () => {
        const [stray, paused] = await Promise.all([
          call('stray', (lane) => measureStraySounds(lane, question, clips.stray), { times: median }),
          call('pauses', (lane) => measurePauses(lane, clips.paused), { times: median }),
        ]);
        return { stray, paused, failures: [...stray.failures, ...paused.failures] };
      },
      ({ stray, paused }) => [...strayRows(stray), ...pauseRows(paused)],
    );
    await part(
      'echo: own voice from the loudspeaker, medians',
      () =>
        call(
          'echo',
          (lane) => measureEcho(lane, question, clips.interruptions, ECHOES.slice(0, size.echoes)),
          {
            times: { ...median, llm: 0, tts: 0 },
            texts: [LONG_READING, 'Okay.'],
            echo: true,
          },
        ),
      echoRows,
    );
    await part(
      `notices: ${named(median)}`,
      () =>
        call(
          'notices',
          (lane) =>
            measureNotices(lane, question, remark, [
              ...only('idle', size.notices),
              ...only('over own speech', size.notices),
            ]),
          { times: median, texts: [READING, ...noticeTexts(2 * size.notices)] },
        ),
      noticeRows,
    );
    await part(
      'disturbed: notices and a caller who speaks, four calls at once, medians',
      async () => {
        const calls = Array.from({ length: 4 }, (_, i) =>
          call(
            `disturbed-${i}`,
            (lane) =>
              measureNotices(
                lane,
                clips.questions[i] ?? question,
                remark,
                only(i % 2 === 0 ? 'while the caller speaks' : 'the caller speaks again', size.disturbed),
              ),
            { times: median, texts: noticeTexts(size.disturbed) },
          ),
        );
        const all = await Promise.all(calls);
        return {
          notices: all.flatMap(({ notices }) => notices),
          failures: all.flatMap(({ failures }) => failures),
        };
      },
      noticeRows,
    );
    await part(
      `slow: ${named(slow)}`,
      () => call('slow', (lane) => measureAnswers(lane, clips.questions, size.slowAnswers), { times: slow }),
      (result) => answerRows(result, slow, false),
    );
    if (answers && interruptions && backchannels && noises && quiet) {
      const { sounds: stray } = quiet.stray;
      const { turns: paused } = quiet.paused;
      const isTic = ({ name }: { name: string }) => /cough|throat|sniff|sneeze|breath/.test(name);
      const tics = noises.listeners.filter(isTic);
      const inputs = { answers, interruptions, backchannels: backchannels.listeners, tics, stray, paused };
      print(`\n${table('formulas of public boards, on these calls', boardRows(inputs))}`);
    }
    print(
      `\n${((clock.now() - startedAt) / 1000).toFixed(0)} s in all; ${complete ? 'everything was measured' : 'not everything was measured: exit code 1'}`,
    );
    return complete;
  } finally {
    await server?.stop();
    await Promise.all([ears.close(), vendorEars.close(), natural.close()]);
    await disposeRtc();
  }
}

/** Programs that ran or wanted to, on average over a minute. */
function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
