import { describe, expect, it } from 'vitest';
import { AudioLedger, type LedgerOptions } from '../../src/stt/audioLedger.ts';

const OPTIONS: LedgerOptions = {
  chunkSamples: 4,
  maxChunkSamples: 6,
  minCommitSamples: 3,
  paddedSamples: 5,
  forceSamples: 20,
  keepSamples: 30,
  deliveries: 3,
};

const ledger = (options: Partial<LedgerOptions> = {}) => new AudioLedger({ ...OPTIONS, ...options });
const frame = (...samples: number[]) => Int16Array.from(samples);

/** Everything that is due, audio as numbers and commits as their padding. */
function drain(from: AudioLedger): (number[] | string)[] {
  const out: (number[] | string)[] = [];
  for (let due = from.next(); due; due = from.next()) {
    out.push(due.type === 'audio' ? [...due.pcm] : `commit+${due.padding}`);
  }
  return out;
}

describe('AudioLedger', () => {
  it('holds audio back until a chunk is full, and flushes it at a commit', () => {
    const book = ledger();
    book.write(frame(1, 2));
    expect(drain(book)).toEqual([]);
    book.write(frame(3, 4));
    expect(drain(book)).toEqual([[1, 2, 3, 4]]);
    book.write(frame(5));
    book.commit('a');
    expect(drain(book)).toEqual([[5], 'commit+0']);
  });

  it('pads a commit that is too short', () => {
    const book = ledger();
    book.write(frame(1, 2));
    book.commit('a');
    expect(drain(book)).toEqual([[1, 2], 'commit+3']);
  });

  it('settles commits without audio where they stand, not before their elders', () => {
    const book = ledger();
    book.commit('first');
    expect(book.settleLocally()).toEqual([{ commitId: 'first', text: '' }]);
    book.write(frame(1, 2, 3));
    book.commit('a');
    book.commit('none');
    expect(book.settleLocally()).toEqual([]);
    drain(book);
    expect(book.answer('yes')).toEqual([
      { commitId: 'a', text: 'yes' },
      { commitId: 'none', text: '' },
    ]);
  });

  it('replays everything unanswered after a rewind, in larger pieces', () => {
    const book = ledger();
    book.write(frame(1, 2, 3, 4));
    book.commit('a');
    book.write(frame(5, 6, 7, 8));
    drain(book);
    book.write(frame(9));
    book.rewind();
    expect(drain(book)).toEqual([[1, 2, 3, 4], 'commit+0', [5, 6, 7, 8, 9]]);
    expect(book.awaited).toBe(1);
    book.answer('one');
    book.rewind();
    expect(drain(book)).toEqual([[5, 6, 7, 8, 9]]);
  });

  it('commits at the length limit and joins that text to the next commit', () => {
    const book = ledger({ forceSamples: 4 });
    book.write(frame(1, 2, 3, 4));
    book.write(frame(5, 6, 7));
    book.commit('a');
    expect(drain(book)).toEqual([[1, 2, 3, 4], 'commit+0', [5, 6, 7], 'commit+0']);
    expect(book.answer('the fox jump-')).toEqual([]);
    expect(book.answer('ed over')).toEqual([{ commitId: 'a', text: 'the fox jumped over' }]);
  });

  it('forgets the oldest audio beyond its bound, whole frames first', () => {
    const book = ledger({ keepSamples: 6, forceSamples: 100 });
    for (let at = 0; at < 5; at++) book.write(frame(at, at));
    expect(book.keptSamples).toBe(6);
    book.commit('a');
    expect(drain(book)).toEqual([[2, 2, 3, 3, 4, 4], 'commit+0']);
  });

  it('settles a commit whose audio was all forgotten', () => {
    const book = ledger({ keepSamples: 4, forceSamples: 100 });
    book.write(frame(1, 1));
    book.commit('old');
    book.write(frame(2, 2));
    book.write(frame(3, 3));
    expect(book.settleLocally()).toEqual([{ commitId: 'old', text: '' }]);
  });

  it('gives a commit up that broke its share of connections', () => {
    const book = ledger({ deliveries: 2 });
    book.write(frame(1, 2, 3));
    book.commit('poison');
    for (let round = 0; round < 2; round++) {
      drain(book);
      book.rewind();
    }
    expect(book.settleLocally()).toEqual([{ commitId: 'poison', text: '' }]);
  });
});
