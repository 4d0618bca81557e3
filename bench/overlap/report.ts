import Table from 'cli-table3';
import { summary } from '../summary.ts';
import type { Clip } from './clip.ts';
import type { ClipVerdict } from './judgeClip.ts';

export interface Judged extends ClipVerdict {
  readonly clip: Clip;
  readonly texts: string;
}

const AIMS = {
  cut: 0.98,
  p50: 450,
  p95: 850,
  kept: { tuned: 0.97, 'held out': 0.9 },
  noises: 0.98,
} as const;

/** One table: the two splits in a quiet room and in a noisy one. */
export function report(judged: readonly Judged[]): string {
  const table = new Table({
    head: [
      'clips',
      'room',
      'interruptions cut',
      'by the vendor',
      'p50 ms',
      'p95 ms',
      'backchannels kept',
      'noises kept',
    ],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const snr of [50, 15] as const) {
    for (const split of ['tuned', 'held out'] as const) {
      const these = judged.filter(({ clip }) => clip.snr === snr && clip.split === split);
      table.push([split, snr === 50 ? 'quiet' : `${snr} dB`, ...row(these)]);
    }
  }
  const { cut, p50, p95, kept, noises } = AIMS;
  table.push([
    'aim',
    '',
    `≥ ${cut}`,
    '',
    `≤ ${p50}`,
    `≤ ${p95}`,
    `≥ ${kept.tuned} / ${kept['held out']}`,
    `≥ ${noises}`,
  ]);
  return table.toString();
}

function row(judged: readonly Judged[]): string[] {
  const of = (kind: Clip['kind']) => judged.filter(({ clip }) => clip.kind === kind);
  const interruptions = of('interruption');
  const cuts = interruptions.flatMap(({ cutBy }) => (cutBy === undefined ? [] : [cutBy]));
  const times = summary(cuts.map(({ at }) => at));
  return [
    share(cuts.length, interruptions.length),
    String(cuts.filter(({ from }) => from === 'vendor').length),
    times?.p50.toFixed(0) ?? '–',
    times?.p95.toFixed(0) ?? '–',
    kept(of('backchannel')),
    kept(of('noise')),
  ];
}

function kept(judged: readonly Judged[]): string {
  return share(judged.filter(({ cutBy }) => cutBy === undefined).length, judged.length);
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(part / whole).toFixed(3)} of ${whole}`;
}

/** What went wrong, a line each: for tuning, so of the tuned clips only. */
export function misses(judged: readonly Judged[]): string {
  const late = AIMS.p95;
  return judged
    .filter(({ clip, cutBy }) => {
      if (clip.split === 'held out') return false;
      return clip.kind === 'interruption' ? cutBy === undefined || cutBy.at > late : cutBy !== undefined;
    })
    .map(({ clip: { kind, sound, snr }, cutBy, texts }) => {
      const name = sound.type === 'noise' ? sound.name : `${sound.line.name} (${sound.speaker.voice})`;
      const when = cutBy === undefined ? 'not cut' : `cut at ${cutBy.at.toFixed(0)} ms`;
      return `  ${kind}, ${snr} dB: ${name}: ${when}: ${texts}`;
    })
    .join('\n');
}
