import type { Clip, Line, Sound, Split } from './clip.ts';
import { HELD_OUT } from './heldOutPhrases.ts';
import { NOISE_NAMES } from './noises.ts';
import type { Hum, PhraseSet } from './phraseSet.ts';
import { TUNING } from './phrases.ts';
import { HELD_OUT_VOICES, type Speaker, TUNING_VOICES } from './voices.ts';

/** Each phrase is said by this many of the split's voices, in rotation. */
const VOICES_A_PHRASE = 2;
/** And by so many more where the odds are fitted. */
const MORE_VOICES = 4;

/** What the weights of the odds are fitted to: the tuning phrases, by more of the tuning voices. */
export function trainingClips(): readonly Clip[] {
  const tuned = clips().filter(({ split }) => split === 'tuned');
  const known = new Set(tuned.map(({ sound }) => JSON.stringify(sound)));
  const more = (
    kind: 'interruption' | 'backchannel',
    group: string,
    texts: readonly string[],
    from: number,
  ) =>
    texts.flatMap((text, i) =>
      TUNING_VOICES.map((_, v) => TUNING_VOICES[(i * 3 + v + from) % TUNING_VOICES.length])
        .flatMap((speaker): Sound[] =>
          speaker === undefined ? [] : [{ type: 'speech', line: written(text), speaker }],
        )
        .filter((sound) => !known.has(JSON.stringify(sound)))
        .slice(0, MORE_VOICES)
        .map((sound, n): Clip => ({ kind, group, split: 'tuned', sound, snr: n % 2 === 0 ? 50 : 15 })),
    );
  return [
    ...tuned,
    ...Object.entries(TUNING.interruptions).flatMap(([group, texts]) =>
      more('interruption', group, texts, 0),
    ),
    ...more('backchannel', 'words', TUNING.backchannels, 1),
  ];
}

/** The whole list, always the same: held-out phrases are said by held-out voices only. */
export function clips(): readonly Clip[] {
  const dry = [
    ...spoken(TUNING, TUNING_VOICES, 'tuned'),
    ...spoken(HELD_OUT, HELD_OUT_VOICES, 'held out'),
    ...NOISE_NAMES.map(
      (name, i): Omit<Clip, 'snr'> => ({
        kind: 'noise',
        group: 'noise',
        split: i % 2 === 0 ? 'tuned' : 'held out',
        sound: { type: 'noise', name },
      }),
    ),
  ];
  return ([50, 15] as const).flatMap((snr) => dry.map((clip) => ({ ...clip, snr })));
}

function spoken(set: PhraseSet, voices: readonly Speaker[], split: Split): Omit<Clip, 'snr'>[] {
  let next = 0;
  const say = (line: Line, times: number): Sound[] =>
    Array.from({ length: times }, () => {
      const speaker = voices[next++ % voices.length];
      if (speaker === undefined) throw new RangeError('a split has no voices');
      return { type: 'speech', line, speaker };
    });
  const interruptions = Object.entries(set.interruptions).flatMap(([group, phrases]) =>
    phrases.flatMap((text) =>
      say(written(text), VOICES_A_PHRASE).map(
        (sound) => ({ kind: 'interruption', group, split, sound }) as const,
      ),
    ),
  );
  next = 0;
  const backchannels = set.backchannels.flatMap((text) =>
    say(written(text), VOICES_A_PHRASE).map(
      (sound) => ({ kind: 'backchannel', group: 'words', split, sound }) as const,
    ),
  );
  const hums = set.hums.flatMap((hum, i) =>
    say(hummed(hum, i), voices.length).map(
      (sound) => ({ kind: 'backchannel', group: 'hum', split, sound }) as const,
    ),
  );
  return [...interruptions, ...backchannels, ...hums];
}

function written(text: string): Line {
  return { flite: { text }, espeak: text, name: text };
}

function hummed(hum: Hum, i: number): Line {
  return { flite: { phones: hum.flite }, espeak: hum.espeak, name: `(hum ${i + 1})` };
}
