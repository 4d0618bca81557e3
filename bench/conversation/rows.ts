import { summary } from '../summary.ts';
import type { Answers } from './measureAnswers.ts';
import type { EchoedReadings } from './measureEcho.ts';
import type { Interruptions } from './measureInterruptions.ts';
import type { Listeners } from './measureListeners.ts';
import type { Notice, Notices } from './measureNotices.ts';
import type { PausedTurns } from './measurePauses.ts';
import type { StraySounds } from './measureStraySounds.ts';
import type { Row } from './report.ts';
import type { VendorTimes } from './vendorTimes.ts';

/** What should have happened and did not took so long: no aim is met by leaving it out, ms. */
const NEVER = Number.POSITIVE_INFINITY;
const never = (failures: readonly string[]): number[] => failures.map(() => NEVER);

export const ms = (value: number): string => (value === NEVER ? 'never' : value.toFixed(0));

export function times(values: readonly number[]): string {
  const all = summary(values);
  if (!all) return '–';
  const failed = values.filter((value) => value === NEVER).length;
  const counts = failed > 0 ? `${all.count}, ${failed} of them failed` : `${all.count}`;
  return `p50 ${ms(all.p50)}, p95 ${ms(all.p95)}, max ${ms(all.max)} (${counts})`;
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(part / whole).toFixed(3)} (${part} of ${whole})`;
}

export function p50(values: readonly number[]): number {
  return summary(values)?.p50 ?? NEVER;
}

export function p95(values: readonly number[]): number {
  return summary(values)?.p95 ?? NEVER;
}

/** What could not be measured, as the last row of a table. */
export function failureRows(failures: readonly string[]): Row[] {
  return failures.length === 0
    ? []
    : [{ measure: `not measured: ${failures.length}`, value: failures.join('; ') }];
}

export function answerRows({ answers, failures }: Answers, vendors: VendorTimes, aims: boolean): Row[] {
  const { stt, llm, tts } = vendors;
  const of = (adopted: boolean) => answers.filter((one) => one.adopted === adopted);
  const heard = (list: Answers['answers']) => list.map((one) => one.heard);
  // Nobody knows of a failure whether its draft would have been adopted: it counts in every row.
  const withFailed = (list: Answers['answers']) => [...heard(list), ...never(failures)];
  const all = withFailed(answers);
  const adopted = of(true);
  const plain = of(false);
  const stages = (list: Answers['answers']): string =>
    (['silenceNoticed', 'asked', 'certain', 'firstWords', 'played', 'accepted', 'heard'] as const)
      .map((stage) => `${stage} ${ms(p50(list.map((one) => one[stage])))}`)
      .join(', ');
  const beyond = (list: Answers['answers'], vendorsMs: number): string =>
    list.length === 0 ? '–' : ms(p50(heard(list)) - vendorsMs);
  return [
    row('all answers, ms', times(all), aims && 'p95 ≤ 1900', p95(all) <= 1_900),
    row(
      '  draft adopted',
      times(withFailed(adopted)),
      aims && 'p50 ≤ 1300',
      p50(withFailed(adopted)) <= 1_300,
    ),
    row('  not adopted', times(withFailed(plain)), aims && 'p50 ≤ 1500', p50(withFailed(plain)) <= 1_500),
    row(
      'share adopted',
      share(adopted.length, all.length),
      aims && '≥ 0.5',
      adopted.length >= all.length / 2,
    ),
    {
      measure: "own share beyond the vendors' critical path, ms",
      value: `adopted (${llm + tts}) ${beyond(adopted, llm + tts)}, not adopted (${stt + llm + tts}) ${beyond(plain, stt + llm + tts)}`,
    },
    { measure: '  p50 since the end of speech, adopted', value: adopted.length > 0 ? stages(adopted) : '–' },
    { measure: '  p50 since the end of speech, not adopted', value: plain.length > 0 ? stages(plain) : '–' },
    {
      measure: 'fillers said first; drafts dropped',
      value: `${answers.filter((one) => one.filler).length}; ${answers.reduce((sum, one) => sum + one.dropped, 0)}`,
    },
  ];
}

export function ownTimeRows({ answers, failures }: Answers): Row[] {
  const heard = [...answers.map((one) => one.heard), ...never(failures)];
  return [
    row('own time, end of speech → answer, ms', times(heard), 'p50 ≤ 320', p50(heard) <= 320),
    ...answerRows({ answers, failures }, { name: '', stt: 0, llm: 0, tts: 0 }, false).slice(3),
  ];
}

export function interruptionRows({ interruptions, looksMs, failures }: Interruptions): Row[] {
  const yields = [...interruptions.map(({ yieldMs = NEVER }) => yieldMs), ...never(failures)];
  const yielded = yields.filter((value) => value !== NEVER);
  const ducks = [...interruptions.map(({ duckedMs = NEVER }) => duckedMs), ...never(failures)];
  const compared = interruptions.filter(
    ({ audible, history }) => audible !== undefined && history !== undefined,
  );
  const same = compared.filter(({ audible, history }) => audible === history);
  const near = compared.filter(
    ({ audible = '', history = '' }) => Math.abs(count(audible) - count(history)) <= 1,
  );
  const rows = [
    row('onset → silence, ms', times(yields), 'p50 ≤ 520', p50(yields) <= 520),
    row('', '', 'p95 ≤ 950', p95(yields) <= 950),
    row(
      'yielded within 2 s',
      share(yielded.length, yields.length),
      '≥ 0.98',
      yielded.length >= 0.98 * yields.length,
    ),
    { measure: '  of which noticed, decided, silent at the caller', value: stagesOf(interruptions) },
    { measure: '  a look of the local recogniser, ms', value: times(looksMs) },
    row('onset → 6 dB quieter, ms', times(ducks), 'p50 ≤ 250', p50(ducks) <= 250),
    row(
      'heard versus history: identical words',
      share(same.length, compared.length),
      'all',
      same.length === compared.length,
    ),
    { measure: '  identical but for one word at the cut', value: share(near.length, compared.length) },
    { measure: '  not compared: not silent, or not found', value: `${yields.length - compared.length}` },
  ];
  const failed = interruptions.filter(({ yieldMs }) => yieldMs === undefined || yieldMs > 950);
  for (const { name, yieldMs, looks } of failed) {
    rows.push({ measure: `  ${name}`, value: `${yieldMs === undefined ? 'not' : ms(yieldMs)}: ${looks}` });
  }
  return rows;
}

function stagesOf(interruptions: Interruptions['interruptions']): string {
  const stage = (key: 'noticedMs' | 'decidedMs' | 'yieldMs') =>
    ms(p50(interruptions.map((one) => one[key] ?? NEVER)));
  return `p50 ${stage('noticedMs')}, ${stage('decidedMs')}, ${stage('yieldMs')}`;
}

export function listenerRows(what: string, { listeners, failures }: Listeners, aim: number): Row[] {
  const kept = listeners.filter((one) => one.kept);
  const asked = listeners.length + failures.length;
  const rows = [row(`${what} kept`, share(kept.length, asked), `≥ ${aim}`, kept.length >= aim * asked)];
  rows.push({
    measure: '  silent for 200 ms though nothing said so (machine late)',
    value: String(listeners.filter(({ starved }) => starved).length),
  });
  for (const { name, kept: wasKept, longestSilenceMs, looks } of listeners) {
    if (!wasKept) rows.push({ measure: `  ${name}`, value: `silent for ${ms(longestSilenceMs)}: ${looks}` });
  }
  return rows;
}

export function shiftRows(where: string, { listeners, failures }: Listeners, aim: boolean): Row[] {
  // Where our speech was cut there is nothing after the sound to compare.
  const ducked = listeners.filter((one) => one.ducked && one.kept);
  const shifts = ducked.flatMap(({ shift }) => (shift === undefined ? [] : [shift]));
  const unclear = ducked.length - shifts.length + failures.length;
  const lost = shifts.filter((shift) => shift !== 0);
  return [
    row(
      `samples lost over a ducked sound, ${where}`,
      `${shifts.length - lost.length} of ${shifts.length} without any; else ${lost.length === 0 ? '–' : lost.join(', ')}; unclear ${unclear}; not ducked, or cut ${listeners.length - ducked.length}`,
      aim && '0',
      lost.length === 0 && failures.length === 0 && shifts.length > 0,
    ),
  ];
}

export function strayRows({ sounds, failures }: StraySounds): Row[] {
  const ignored = sounds.filter(({ answered }) => !answered);
  const asked = sounds.length + failures.length;
  return [
    row(
      'coughs, "um", hums into silence: not answered',
      share(ignored.length, asked),
      '≥ 0.9',
      ignored.length >= 0.9 * asked,
    ),
    ...sounds
      .filter(({ answered }) => answered)
      .map(({ name }) => ({ measure: `  ${name}`, value: 'answered' })),
  ];
}

export function pauseRows({ turns }: PausedTurns): Row[] {
  const cut = turns.filter(({ cutIn }) => cutIn);
  const answers = turns.flatMap(({ answerMs = NEVER, cutIn }) => (cutIn ? [] : [answerMs]));
  return [
    row(
      'cut-ins at pauses of 0.7–1.2 s',
      share(cut.length, turns.length),
      '≤ 0.03',
      cut.length <= 0.03 * turns.length,
    ),
    ...cut.map(({ name, words }) => ({ measure: `  ${name}`, value: words })),
    { measure: '  answer to the others, ms', value: times(answers) },
  ];
}

export function echoRows({ readings, failures }: EchoedReadings): Row[] {
  const cuts = readings.reduce((sum, one) => sum + one.selfInterruptions, 0);
  const turns = readings.reduce((sum, one) => sum + one.ownTurns, 0);
  const isWhole = readings.length > 0 && failures.length === 0;
  // A reading that was over before anybody spoke has not shown that it can be cut.
  const yields = [...readings.map(({ yieldMs = NEVER }) => yieldMs), ...never(failures)];
  const yielded = yields.filter((value) => value !== NEVER);
  return [
    row(`self-interruptions in ${readings.length} readings of 6 s`, String(cuts), '0', cuts === 0 && isWhole),
    row('turns made of own words', String(turns), '0', turns === 0 && isWhole),
    row(
      'a real barge-in over the echo cuts',
      share(yielded.length, yields.length),
      'all',
      yielded.length === yields.length,
    ),
    { measure: '  onset → silence, ms', value: times(yields) },
    ...readings
      .filter((one) => one.selfInterruptions > 0 || one.ownTurns > 0 || one.yieldMs === undefined)
      .map(({ echo, transcripts, looks, yieldMs, interruptible }) => ({
        measure: `  ${echo.db} dB, ${echo.delayMs} ms`,
        value: `${yieldMs !== undefined ? '' : interruptible ? 'barge-in not heard; ' : 'silent before a barge-in; '}transcripts: ${transcripts.join(' / ') || 'none'}; looks: ${looks}`,
      })),
  ];
}

export function noticeRows({ notices, failures }: Notices): Row[] {
  const after = (scene: Notice['scene']) =>
    notices.filter((one) => one.scene === scene).map(({ afterMs = NEVER }) => afterMs);
  // Only a notice over our own speech needs anything that can fail: that speech.
  const over = [...after('over own speech'), ...never(failures)];
  const asked = notices.length + failures.length;
  const disturbed = notices.filter(
    ({ scene }) => scene === 'while the caller speaks' || scene === 'the caller speaks again',
  );
  const full = notices.filter(({ heardInFull }) => heardInFull);
  const begunOver = disturbed.filter(({ beganOverMs }) => beganOverMs !== undefined);
  const long = disturbed
    .filter((one) => one.scene === 'the caller speaks again')
    .map((one) => one.overCallerMs);
  return [
    ...(after('idle').length > 0
      ? [
          row(
            'completion seen → notice, idle, ms',
            times(after('idle')),
            'p50 ≤ 100',
            p50(after('idle')) <= 100,
          ),
          row('completion seen → notice, over own speech, ms', times(over), 'p50 ≤ 450', p50(over) <= 450),
        ]
      : []),
    row('key words heard in full', share(full.length, asked), 'all', full.length === asked),
    ...notices
      .filter(({ heardInFull }) => !heardInFull)
      .map(({ scene, story }) => ({ measure: `  ${scene}`, value: story })),
    ...(disturbed.length > 0
      ? [
          row(
            'began over the words of the caller',
            share(begunOver.length, disturbed.length),
            '0',
            begunOver.length === 0,
          ),
          ...begunOver.map(({ scene, beganOverMs = 0, story }) => ({
            measure: `    ${scene}, ${beganOverMs.toFixed(0)} ms after their first sound`,
            value: story,
          })),
          { measure: '  went on over a caller who speaks again, ms', value: times(long) },
          {
            measure: '  completion seen → notice, caller speaking, ms',
            value: times(after('while the caller speaks')),
          },
        ]
      : []),
  ];
}

function row(measure: string, value: string, aim: string | false, met: boolean): Row {
  if (aim === false) return { measure, value };
  // What was not measured neither met its aim nor missed it.
  return value === '–' ? { measure, value, aim } : { measure, value, aim, met };
}

const count = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;
