import { judgeOverlap } from '../../src/conversation/overlap/judgeOverlap.ts';
import type { Clip } from './clip.ts';
import { type HeardScene, isSameLook, type Look } from './hearScene.ts';

export interface ClipVerdict {
  /** The look that cut us off, if there was one; `at` is when it was answered. */
  readonly cutBy?: Look;
}

/** What a look costs, measured on both cores at once: the encoder and the first words, ms, and more for longer speech. */
const COMPUTE = { ms: 22, msPerSecond: 45 } as const;

/** What comes of a caller's sound: stretch by stretch, the looks in their order until one says to be silent. */
export function judgeClip({ sound }: Clip, heard: HeardScene): ClipVerdict {
  for (const looks of heard) {
    const earlier: string[] = [];
    let answeredAt = Number.NEGATIVE_INFINITY;
    for (const [i, look] of looks.entries()) {
      const isSame = isSameLook(looks[i - 1], look);
      if (isSame) earlier.pop();
      const text = look.from === 'vendor' ? said() : look.text;
      const { ms, from, speech, sure } = look;
      // One look at a time.
      const begunAt = Math.max(look.at, answeredAt);
      answeredAt =
        from === 'vendor' || isSame ? begunAt : begunAt + COMPUTE.ms + (COMPUTE.msPerSecond * ms) / 1000;
      const verdict = judgeOverlap({
        text,
        ms,
        speech,
        from,
        ours: '',
        earlier: [...earlier],
        ...(sure && { sure }),
      });
      if (verdict === 'interrupt') return { cutBy: { ...look, at: answeredAt } };
      earlier.push(text);
    }
  }
  return {};

  /** The vendor's text is taken to be right: what it mishears is not what is measured here. */
  function said(): string {
    if (sound.type === 'noise' || 'phones' in sound.line.flite) return '';
    return sound.line.flite.text;
  }
}
