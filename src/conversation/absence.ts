import * as floors from './floor.ts';
import { goOn } from './overlapping.ts';
import type { Scene } from './scene.ts';

/** The caller is gone, perhaps for a moment: nothing is said to an empty room, and nothing counts as heard there. */
export function callerLeft(scene: Scene): void {
  scene.update({ away: true });
  scene.floor(floors.hold(scene.state.floor));
}

/** Somebody is there again. `isOther`: not the one who left, whose tasks are nobody else's business. */
export function callerIsBack(scene: Scene, isOther: boolean): void {
  if (!scene.state.away) return;
  scene.update({ away: false });
  if (isOther) forgetNotices(scene);
  if (scene.state.turn.status === 'listening') goOn(scene);
}

/** Whose they are is told in another call, or when they are back. */
function forgetNotices(scene: Scene): void {
  scene.update({ unsaid: { tasks: [], tries: 0 } });
  scene.floor(floors.dropQueued(scene.state.floor, ({ kind }) => kind === 'notice'));
  const { floor } = scene.state;
  if (floor.status === 'free' || floor.utterance.kind !== 'notice') return;
  // What of it was heard counts; the rest is not told again here.
  const forgotten = { ...floor, utterance: { ...floor.utterance, isForgotten: true } };
  scene.floor(floors.cut(forgotten, 'now'));
}
