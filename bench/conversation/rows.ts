import { summary } from '../summary.ts';
import type { Answers } from './measureAnswers.ts';
import type { EchoedReading } from './measureEcho.ts';
import type { Interruptions } from './measureInterruptions.ts';
import type { Listener } from './measureListeners.ts';
import type { Notice } from './measureNotices.ts';
import type { PausedTurn } from './measurePauses.ts';
import type { StraySound } from './measureStraySounds.ts';
import type { Row } from './report.ts';
import type { VendorTimes } from './vendorTimes.ts';

export const ms = (value: number): string => value.toFixed(0);

export function times(values: readonly number[]): string {
  const all = summary(values);
  return all ? `p50 ${ms(all.p50)}, p95 ${ms(all.p95)}, max ${ms(all.max)} (${all.count})` : '–';
}

export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(part / whole).toFixed(3)} (${part} of ${whole})`;
}

export function p50(values: readonly number[]): number {
  return summary(values)?.p50 ?? Number.POSITIVE_INFINITY;
}

export function p95(values: readonly number[]): number {
  return summary(values)?.p95 ?? Number.POSITIVE_INFINITY;
}

export function answerRows({ answers, failures }: Answers, vendors: VendorTimes, aims: boolean): Row[] {
  const { stt, llm, tts } = vendors;
  const of = (adopted: boolean) => answers.filter((one) => one.adopted === adopted);
  const heard = (list: Answers['answers']) => list.map((one) => one.heard);
  const adopted = of(true);
  const plain = of(false);
  const stages = (list: Answers['answers']): string =>
    (['silenceNoticed', 'asked', 'certain', 'firstWords', 'played', 'accepted', 'heard'] as const)
      .map((stage) => `${stage} ${ms(p50(list.map((one) => one[stage])))}`)
      .join(', ');
  const beyond = (list: Answers['answers'], vendorsMs: number): string =>
    list.length === 0 ? '–' : ms(p50(heard(list)) - vendorsMs);
  const rows: Row[] = [
    row('all answers, ms', times(heard(answers)), aims && 'p95 ≤ 1900', p95(heard(answers)) <= 1_900),
    row('  draft adopted', times(heard(adopted)), aims && 'p50 ≤ 1300', p50(heard(adopted)) <= 1_300),
    row('  not adopted', times(heard(plain)), aims && 'p50 ≤ 1500', p50(heard(plain)) <= 1_500),
    row(
      'share adopted',
      share(adopted.length, answers.length),
      aims && '≥ 0.5',
      adopted.length >= answers.length / 2,
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
  if (failures.length > 0) rows.push({ measure: 'turns not measured', value: failures.join('; ') });
  return rows;
}

export function ownTimeRows({ answers, failures }: Answers): Row[] {
  const heard = answers.map((one) => one.heard);
  return [
    row('own time, end of speech → answer, ms', times(heard), 'p50 ≤ 320', p50(heard) <= 320),
    ...answerRows({ answers, failures }, { name: '', stt: 0, llm: 0, tts: 0 }, false).slice(3),
  ];
}

export function interruptionRows({ interruptions, looksMs, failures }: Interruptions): Row[] {
  const yields = interruptions.flatMap(({ yieldMs }) => (yieldMs === undefined ? [] : [yieldMs]));
  const ducks = interruptions.flatMap(({ duckedMs }) => (duckedMs === undefined ? [] : [duckedMs]));
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
      share(yields.length, interruptions.length),
      '≥ 0.98',
      yields.length >= 0.98 * interruptions.length,
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
  ];
  const failed = interruptions.filter(({ yieldMs }) => yieldMs === undefined || yieldMs > 950);
  for (const { name, yieldMs, looks } of failed) {
    rows.push({ measure: `  ${name}`, value: `${yieldMs === undefined ? 'not' : ms(yieldMs)}: ${looks}` });
  }
  if (failures.length > 0) rows.push({ measure: '  not measured', value: failures.join('; ') });
  return rows;
}

function stagesOf(interruptions: Interruptions['interruptions']): string {
  const stage = (key: 'noticedMs' | 'decidedMs' | 'yieldMs') =>
    ms(p50(interruptions.flatMap((one) => (one[key] === undefined ? [] : [one[key]]))));
  return `p50 ${stage('noticedMs')}, ${stage('decidedMs')}, ${stage('yieldMs')}`;
}

export function listenerRows(what: string, listeners: readonly Listener[], aim: number): Row[] {
  const kept = listeners.filter((one) => one.kept);
  const rows = [
    row(
      `${what} kept`,
      share(kept.length, listeners.length),
      `≥ ${aim}`,
      kept.length >= aim * listeners.length,
    ),
  ];
  rows.push({
    measure: '  silent for 200 ms though nothing said so (machine late)',
    value: String(listeners.filter(({ starved }) => starved).length),
  });
  for (const { name, kept: wasKept, longestSilenceMs, looks } of listeners) {
    if (!wasKept) rows.push({ measure: `  ${name}`, value: `silent for ${ms(longestSilenceMs)}: ${looks}` });
  }
  return rows;
}

export function shiftRows(where: string, listeners: readonly Listener[], aim: boolean): Row[] {
  const shifts = listeners
    .filter(({ ducked }) => ducked)
    .flatMap(({ shift }) => (shift === undefined ? [] : [shift]));
  const lost = shifts.filter((shift) => shift !== 0);
  return [
    row(
      `samples lost over a ducked sound, ${where}`,
      `${shifts.length - lost.length} of ${shifts.length} without any; else ${lost.length === 0 ? '–' : lost.map((one) => String(one)).join(', ')}`,
      aim && '0',
      lost.length === 0 && shifts.length > 0,
    ),
  ];
}

export function strayRows(sounds: readonly StraySound[]): Row[] {
  const ignored = sounds.filter(({ answered }) => !answered);
  return [
    row(
      'coughs, "um", hums into silence: not answered',
      share(ignored.length, sounds.length),
      '≥ 0.9',
      ignored.length >= 0.9 * sounds.length,
    ),
    ...sounds
      .filter(({ answered }) => answered)
      .map(({ name }) => ({ measure: `  ${name}`, value: 'answered' })),
  ];
}

export function pauseRows(turns: readonly PausedTurn[]): Row[] {
  const cut = turns.filter(({ cutIn }) => cutIn);
  const answers = turns.flatMap(({ answerMs, cutIn }) => (answerMs === undefined || cutIn ? [] : [answerMs]));
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

export function echoRows(readings: readonly EchoedReading[]): Row[] {
  const cuts = readings.reduce((sum, one) => sum + one.selfInterruptions, 0);
  const turns = readings.reduce((sum, one) => sum + one.ownTurns, 0);
  const spoken = readings.filter(({ interruptible }) => interruptible);
  const yields = spoken.flatMap(({ yieldMs }) => (yieldMs === undefined ? [] : [yieldMs]));
  return [
    row(
      `self-interruptions in ${readings.length} readings of 6 s`,
      String(cuts),
      '0',
      cuts === 0 && readings.length > 0,
    ),
    row('turns made of own words', String(turns), '0', turns === 0 && readings.length > 0),
    row(
      'a real barge-in over the echo cuts',
      share(yields.length, spoken.length),
      'all',
      yields.length === spoken.length,
    ),
    { measure: '  onset → silence, ms', value: times(yields) },
    ...readings
      .filter(
        (one) =>
          one.selfInterruptions > 0 || one.ownTurns > 0 || (one.interruptible && one.yieldMs === undefined),
      )
      .map(({ echo, transcripts, looks, yieldMs, interruptible }) => ({
        measure: `  ${echo.db} dB, ${echo.delayMs} ms`,
        value: `${interruptible && yieldMs === undefined ? 'barge-in not heard; ' : ''}transcripts: ${transcripts.join(' / ') || 'none'}; looks: ${looks}`,
      })),
  ];
}

export function noticeRows(notices: readonly Notice[]): Row[] {
  const after = (scene: Notice['scene']) =>
    notices
      .filter((one) => one.scene === scene)
      .flatMap(({ afterMs }) => (afterMs === undefined ? [] : [afterMs]));
  const disturbed = notices.filter(
    ({ scene }) => scene === 'while the caller speaks' || scene === 'the caller speaks again',
  );
  const full = notices.filter(({ heardInFull }) => heardInFull);
  const over = disturbed.filter(({ beganOverMs }) => beganOverMs !== undefined);
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
          row(
            'completion seen → notice, over own speech, ms',
            times(after('over own speech')),
            'p50 ≤ 450',
            p50(after('over own speech')) <= 450,
          ),
        ]
      : []),
    row('key words heard in full', share(full.length, notices.length), 'all', full.length === notices.length),
    ...notices
      .filter(({ heardInFull }) => !heardInFull)
      .map(({ scene, story }) => ({ measure: `  ${scene}`, value: story })),
    ...(disturbed.length > 0
      ? [
          row(
            'began over the words of the caller',
            share(over.length, disturbed.length),
            '0',
            over.length === 0,
          ),
          ...over.map(({ scene, beganOverMs = 0, story }) => ({
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
