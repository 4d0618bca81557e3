import { judgeOverlap } from '../../src/conversation/overlap/judgeOverlap.ts';
import type { Clip } from './clip.ts';
import type { HeardScene, Look } from './hearScene.ts';

export interface ClipVerdict {
  /** The look that cut us off, if there was one. */
  readonly cutBy?: Look;
}

/** What comes of a caller's sound: stretch by stretch, the looks in their order until one says to be silent. */
export function judgeClip({ sound }: Clip, heard: HeardScene): ClipVerdict {
  for (const looks of heard) {
    const earlier: string[] = [];
    for (const look of looks) {
      const text = look.from === 'vendor' ? said() : look.text;
      if (judgeOverlap({ ...look, text, ours: '', earlier: [...earlier] }) === 'interrupt')
        return { cutBy: look };
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
