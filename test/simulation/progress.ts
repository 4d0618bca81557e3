import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { emptyTally, type Tally } from './runSeeds.ts';

/** The seeds `from` up to `to`, without the latter. */
export interface Batch {
  readonly from: number;
  readonly to: number;
}

/** How far a run has come. */
export interface Progress {
  /** What was asked for: so many seeds from this one on. */
  readonly from: number;
  readonly seeds: number;
  readonly tally: Tally;
  /** Batches whose process died: what broke there is for the reader to find out. */
  readonly lost: readonly Batch[];
  /** What nobody has finished yet, in order. */
  readonly todo: readonly Batch[];
  readonly seconds: number;
}

/** A file may have been written before it said what was asked for. */
type Kept = Omit<Progress, 'from' | 'seeds'> & Partial<Pick<Progress, 'from' | 'seeds'>>;

const sizeOf = (batches: readonly Batch[]): number =>
  batches.reduce((sum, { from, to }) => sum + to - from, 0);

/** Every seed was run, or is known to be lost. */
export function isComplete({ seeds, tally, lost }: Progress): boolean {
  return tally.seeds + sizeOf(lost) === seeds;
}

/** What was kept of the same run, with what is asked for beyond it, or its beginning; or why the file will not do. */
export function restore(file: string | undefined, from: number, seeds: number): Progress | string {
  const fresh = { from, seeds, tally: emptyTally, lost: [], todo: [{ from, to: from + seeds }], seconds: 0 };
  if (file === undefined || !existsSync(file)) return fresh;
  const kept: Kept = JSON.parse(readFileSync(file, 'utf8'));
  const { tally, lost, todo } = kept;
  const before = kept.seeds ?? tally.seeds + sizeOf(lost) + sizeOf(todo);
  const to = from + before;
  // A file that does not say where it begins is believed to be of this run, unless its batches show otherwise.
  const isOther = [...lost, ...todo].some((batch) => batch.from < from || batch.to > to);
  if ((kept.from ?? from) !== from || isOther)
    return `${file} is not of a run from seed ${from} on: name another file.`;
  if (seeds < before)
    return `${file} is of a run of ${before} seeds: ask for as many, or more, or name another file.`;
  const more = seeds > before ? [{ from: to, to: from + seeds }] : [];
  return { ...kept, from, seeds, todo: [...todo, ...more] };
}

export function keep(file: string | undefined, progress: Progress): void {
  if (file === undefined) return;
  writeFileSync(`${file}.new`, JSON.stringify(progress));
  renameSync(`${file}.new`, file);
}
