import type { TimedEvent } from './event.ts';
import * as floors from './floor.ts';
import { ourWords } from './ourWords.ts';
import { words } from './overlap/words.ts';
import {
  beginOverlap,
  endOverlap,
  judgeFirstWords,
  judgeVendorText,
  type OverlapStep,
  stepOverlap,
} from './overlap.ts';
import type { Scene } from './scene.ts';
import { ignoreTurn } from './turn.ts';

/** Nobody agrees with so few words: who speaks over them goes on with a sentence of their own. */
const FEW_WORDS = 2;

/** The user began to speak: what becomes of our own voice? */
export function userTookFloor(scene: Scene, event: TimedEvent): void {
  const { floor, overlap } = scene.state;
  if (event.type !== 'user.speechStarted' && event.type !== 'user.wentOn') return;
  const onsetAt = event.type === 'user.speechStarted' ? event.at - event.onsetAgoMs : event.at;
  scene.update({ tookFloorAt: onsetAt });
  if (floor.status === 'speaking') {
    apply(scene, beginOverlap(overlap, onsetAt, event.at, !hasSaidMuch(floor)));
    // Nobody has heard a word of it yet: it does not begin now.
    if (floor.audible) scene.emit({ type: 'speech.duck' });
    else scene.floor(floors.hold(floor));
  } else {
    scene.floor(floors.hold(floor));
  }
}

/**
 * What may be the beginning of speech is given way to at once, and what was none changes nothing: the judging begins when
 * it is known to be speech.
 */
export function userMaySpeak(scene: Scene, event: TimedEvent): void {
  const { floor, overlap } = scene.state;
  if (overlap.status === 'undecided') return;
  if (event.type === 'user.maySpeak' && floor.status === 'speaking' && floor.audible)
    scene.emit({ type: 'speech.duck' });
  if (event.type === 'user.saidNothing') scene.emit({ type: 'speech.restore' });
}

/** What the event says of a sound that the user makes over us. */
export function overlapEvent(scene: Scene, event: TimedEvent): void {
  apply(scene, stepOverlap(scene.state.overlap, event, ourWords(scene.state)));
}

/** The vendor's words of what was said over us; false when they were not for us and the turn is over. */
export function wordsOverUs(scene: Scene, text: string): boolean {
  const { overlap } = scene.state;
  if (overlap.status === 'none') return true;
  const step = judgeVendorText(overlap, text, scene.at, ourWords(scene.state));
  apply(scene, step);
  return !step.signals.some(({ type }) => type === 'turnIgnored');
}

/** The vendor's words of a part of what is being said over us. */
export function firstWordsOverUs(scene: Scene, text: string): void {
  apply(scene, judgeFirstWords(scene.state.overlap, text, scene.at, ourWords(scene.state)));
}

/** There is nothing to interrupt any more: our speech is over, or the user said nothing. */
export function overlapEnds(scene: Scene): void {
  const { overlap } = scene.state;
  apply(scene, endOverlap(overlap));
  // What we say next is not to be as quiet as what was being spoken over.
  if (overlap.status === 'undecided') scene.emit({ type: 'speech.restore' });
}

/** Full volume again, at the sample where we were. */
export function goOn(scene: Scene): void {
  const { floor } = scene.state;
  if (floor.status === 'held' && !scene.state.away) scene.floor(floors.resume(floor));
  scene.emit({ type: 'speech.restore' });
}

/** Whether enough of it was heard that anybody could be agreeing with it. */
function hasSaidMuch({ audible, heard }: Extract<floors.FloorState, { status: 'speaking' }>): boolean {
  return audible && words(heard).length > FEW_WORDS;
}

function apply(scene: Scene, step: OverlapStep): void {
  scene.update({ overlap: step.overlap });
  scene.emit(...step.commands);
  for (const signal of step.signals) {
    switch (signal.type) {
      case 'interrupted':
        scene.floor(floors.cut(scene.state.floor, 'now'));
        scene.emit({ type: 'speech.restore' });
        break;
      case 'keptGoing':
        goOn(scene);
        break;
      case 'turnIgnored': {
        const { turn, commands } = ignoreTurn(scene.state.turn);
        scene.update({ turn });
        scene.emit(...commands);
        break;
      }
    }
  }
}
