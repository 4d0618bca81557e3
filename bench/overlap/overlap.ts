import { clips } from './clips.ts';
import { heardClips } from './heardClips.ts';
import type { HeardScene } from './hearScene.ts';
import { judgeClip } from './judgeClip.ts';
import { misses, report } from './report.ts';

const ABOUT = `
Callers' sounds over the agent's speech, in synthetic voices, through the real detector and recogniser: is it an
interruption (cut), or a backchannel or noise (kept)? Times are from the true onset to the verdict, with 22 ms for
each look's computing and 45 more for a second of speech, one look after the other. Held-out phrases are said by
held-out voices, and neither was tuned on. The vendor's text, which comes last, is taken to be right: what only it cuts
is counted apart.
`;

/** Measures and prints; `misses` lists what went wrong with the tuned clips. The first run takes half an hour. */
export async function overlap(options: { readonly misses: boolean }): Promise<void> {
  print(ABOUT);
  const all = clips();
  const heard = await heardClips(all, (done) => {
    if (done % 100 === 0) print(`  ${done} of ${all.length} heard`);
  });
  const judged = heard.map(({ clip, heard: scene }) => ({
    clip,
    texts: texts(scene),
    ...judgeClip(clip, scene),
  }));
  print(report(judged));
  if (options.misses) print(misses(judged));
}

function texts(scene: HeardScene): string {
  return scene
    .flat()
    .map(
      ({ ms, text, speech, from }) =>
        `${ms.toFixed(0)}${from === 'vendor' ? ' vendor' : speech === 'goesOn' ? '' : ` ${speech}`} '${text}'`,
    )
    .join(', ');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
