import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { evidence, FEATURES } from '../../src/conversation/overlap/evidence.ts';
import { type Reading, read } from '../../src/conversation/overlap/reading.ts';
import { trainingClips } from './clips.ts';
import { type Example, fitOdds, type Weights } from './fitOdds.ts';
import { type HeardClip, heardClips } from './heardClips.ts';
import { isSameLook, type Look } from './hearScene.ts';

/*
 * Fits the weights of `src/conversation/overlap/weights.ts` anew, from tuning phrases in tuning voices only:
 * `npx tsx bench/overlap/train.ts`. To be run when the lexicon, the evidence, the recogniser or the looks change.
 */

const FILE = fileURLToPath(new URL('../../src/conversation/overlap/weights.ts', import.meta.url));

const heard = await heardClips(trainingClips(), () => {});
const source = `import type { Feature } from './evidence.ts';

type Weights = Readonly<Record<Feature, number>>;

/* Made by \`npx tsx bench/overlap/train.ts\` from the bench's tuning phrases and voices; not to be changed by hand. */

/** For speech that goes on. */
export const GOING_ON: Weights = ${literal(fitOdds(examples(heard, 'goesOn')))};

/** For all of it before a silence that may be its end. */
export const PAUSED: Weights = ${literal(fitOdds(examples(heard, 'paused')))};

/** For a stretch of speech that has ended. */
export const ENDED: Weights = ${literal(fitOdds(examples(heard, 'ended')))};
`;
await writeFile(FILE, source);

/** What the judge decides by the odds: looks with words that are no plain backchannel. */
function examples(clips: readonly HeardClip[], speech: Look['speech']): readonly Example[] {
  return clips.flatMap(({ clip, heard: scene }) => {
    const weight = 1 / scene.flat().length;
    const isInterruption = clip.kind === 'interruption';
    return scene.flatMap((looks) => {
      const earlier: Reading[] = [];
      return looks.flatMap((look, i): Example[] => {
        if (look.from === 'vendor') return [];
        if (isSameLook(looks[i - 1], look)) earlier.pop();
        const reading = read(look.text);
        const weighed = evidence(reading, look, earlier);
        earlier.push(reading);
        if (look.speech !== speech || reading.whole || reading.heard.length === 0) return [];
        return [{ evidence: weighed, isInterruption, weight }];
      });
    });
  });
}

function literal(weights: Weights): string {
  return `{\n${FEATURES.map((name) => `  ${name}: ${weights[name]},`).join('\n')}\n}`;
}
