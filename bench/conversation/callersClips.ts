import { fixture } from '../../src/caller/fixture.ts';
import { loadFlite } from '../../src/offline/fliteEngine.ts';
import { QUESTIONS } from '../latency/script.ts';
import type { Line } from '../overlap/clip.ts';
import { HELD_OUT } from '../overlap/heldOutPhrases.ts';
import { NOISE_NAMES, noise } from '../overlap/noises.ts';
import { synthesise } from '../overlap/synthesise.ts';
import { HELD_OUT_VOICES } from '../overlap/voices.ts';
import { type Piece, type TimedClip, timedClip } from './timedClip.ts';

export interface CallersClips {
  readonly questions: readonly TimedClip[];
  /** Clear, polite, "yeah, but …" and bare words in turn, by voices held back from tuning. */
  readonly interruptions: readonly TimedClip[];
  /** Held back from tuning, phrases and voices. */
  readonly backchannels: readonly TimedClip[];
  readonly noises: readonly TimedClip[];
  /** Made by nobody who wants an answer. */
  readonly stray: readonly TimedClip[];
  /** Sentences with a pause for thought in the middle. */
  readonly paused: readonly TimedClip[];
}

export interface ClipCounts {
  readonly interruptions: number;
  readonly backchannels: number;
  readonly noises: number;
  readonly stray: number;
  readonly paused: number;
}

const BARE = ['Stop.', 'Wait.', 'No.', 'Hold on.'];
const UM: readonly string[] = ['Um.', 'Uh.', 'Hmm.', 'Er, um.'];

/** What the caller says, the pause in ms, and how it goes on. With and without a full stop that a recogniser may set. */
const PAUSED: readonly (readonly [string, number, string])[] = [
  ['My number is five five', 900, 'five one two.'],
  ['Can you tell me the', 700, 'price of the ticket?'],
  ['I want to fly to Paris and', 1_000, 'come back on Monday.'],
  ["I'd like to.", 1_200, 'book a table for two.'],
  ['The name of the hotel is', 800, 'the Golden Lion.'],
  ['Could you find out whether', 1_100, 'the museum is open today?'],
  ['My code is four seven.', 900, 'nine two.'],
  ['I was thinking of, um', 1_000, 'something a little cheaper.'],
  ['My favourite restaurant in town', 800, 'is closed on Sunday.'],
  ['We need a car because.', 1_200, 'the train is too slow.'],
  ['Please send the invoice to my', 700, 'office in London.'],
  ['The train from Edinburgh', 1_000, 'arrives at nine.'],
];

/** Synthesises what the callers of the bench say. Needs `espeak-ng` and `sox`. */
export async function callersClips(counts: ClipCounts): Promise<CallersClips> {
  const flite = await loadFlite();
  let speakers = 0;
  const speaker = () => {
    const next = HELD_OUT_VOICES[speakers++ % HELD_OUT_VOICES.length];
    if (!next) throw new RangeError('no voices');
    return next;
  };
  const spoken = async (line: Line, text = line.name): Promise<TimedClip> => {
    const voice = speaker();
    const pcm = await synthesise(flite, line, voice);
    return timedClip(`"${line.name}" (${voice.voice})`, [{ pcm, text }]);
  };
  const say = (text: string) => spoken({ flite: { text }, espeak: text, name: text });
  const all = async <T>(items: readonly T[], make: (item: T) => Promise<TimedClip>) => {
    const clips: TimedClip[] = [];
    for (const item of items) clips.push(await make(item));
    return clips;
  };
  const { clear, polite, continuerFirst } = HELD_OUT.interruptions;
  const hums = HELD_OUT.hums.map(
    (hum, i): Line => ({ flite: { phones: hum.flite }, espeak: hum.espeak, name: `hum ${i + 1}` }),
  );
  const hummed = (line: Line) => spoken(line, 'Mm-hmm.');
  const noises = NOISE_NAMES.slice(0, counts.noises);
  const made = (name: string) => timedClip(name, [{ pcm: noise(name), text: '' }]);

  const paused: TimedClip[] = [];
  const thought = await fixture('pause-for-thought');
  paused.push({
    ...timedClip('pause-for-thought (fixture, 0.9 s)', [
      { pcm: thought.pcm, text: 'I would like to know the capital of Spain.' },
    ]),
    ...pauseIn(thought.pcm),
  });
  for (const [before, ms, after] of PAUSED.slice(0, counts.paused - 1)) {
    const voice = speaker();
    const piece = async (text: string): Promise<Piece> => {
      const line = { flite: { text }, espeak: text, name: text };
      return { pcm: await synthesise(flite, line, voice), text };
    };
    const pieces = [await piece(before), ms, await piece(after)];
    paused.push(timedClip(`"${before} … (${ms / 1000} s) ${after}"`, pieces));
  }

  return {
    questions: (await Promise.all(QUESTIONS.map(fixture))).map(({ name, pcm, text }) =>
      timedClip(name, [{ pcm, text }]),
    ),
    interruptions: await all(mixed([clear, continuerFirst, polite, BARE], counts.interruptions), say),
    backchannels: [
      ...(await all(spread(HELD_OUT.backchannels, counts.backchannels - 2 * hums.length), say)),
      ...(await all([...hums, ...hums], hummed)),
    ],
    noises: noises.map(made),
    stray: [
      ...[
        'cough',
        'short cough',
        'two coughs',
        'three coughs',
        'throat clearing',
        'sniff',
        'sneeze',
        'breath',
      ].map(made),
      ...(await all([...UM, ...UM], say)),
      ...(await all(hums, hummed)),
    ].slice(0, counts.stray),
    paused,
  };
}

/** The words before and after the silence of `pause-for-thought`, by where it is. */
function pauseIn(pcm: Int16Array): Pick<TimedClip, 'words' | 'pauses'> {
  const quiet = longestQuiet(pcm);
  const lengthMs = pcm.length / 16;
  const spread = (words: readonly string[], from: number, to: number) =>
    words.map((word, i) => ({ word, endMs: from + ((to - from) * (i + 1)) / words.length }));
  return {
    words: [
      ...spread(['I', 'would', 'like', 'to'], 100, quiet.startMs),
      ...spread(['know', 'the', 'capital', 'of', 'Spain.'], quiet.endMs, lengthMs - 200),
    ],
    pauses: [quiet],
  };
}

function longestQuiet(pcm: Int16Array): { readonly startMs: number; readonly endMs: number } {
  let best = { startMs: 0, endMs: 0 };
  let start = 0;
  for (let i = 0; i <= pcm.length; i++) {
    if (i < pcm.length && Math.abs(pcm[i] ?? 0) < 60) continue;
    if ((i - start) / 16 > best.endMs - best.startMs) best = { startMs: start / 16, endMs: i / 16 };
    start = i + 1;
  }
  return best;
}

/** One of each list in turn, so many in all; longer lists are drawn from more often. */
function mixed(lists: readonly (readonly string[])[], count: number): string[] {
  const total = lists.reduce((sum, { length }) => sum + length, 0);
  const shares = lists.map((list) => spread(list, Math.max(1, Math.round((list.length * count) / total))));
  const longest = Math.max(...shares.map(({ length }) => length));
  const order = shares.flatMap((share) =>
    share.map((text, i) => ({ text, place: (i + 0.5) * (longest / share.length) })),
  );
  return order.sort((a, b) => a.place - b.place).map(({ text }) => text);
}

function spread(items: readonly string[], count: number): string[] {
  const some = Math.max(0, Math.min(count, items.length));
  return Array.from({ length: some }, (_, i) => items[Math.floor((i * items.length) / some)] ?? '');
}
