import { isSpoken } from './reply.ts';
import type { Scene } from './scene.ts';

/** Runs the silence timer exactly while the caller waits for us and hears nothing. */
export function watchSilence(scene: Scene): void {
  const { silence } = scene.state;
  const waiting = callerWaits(scene);
  if (waiting === silence.running) return;
  scene.update({ silence: { ...silence, running: waiting } });
  const { fillerAfterMs, stillWorkingAfterMs } = scene.options;
  scene.emit(
    waiting
      ? {
          type: 'timer.set',
          name: 'silence',
          ms: silence.fillers === 0 ? fillerAfterMs : stillWorkingAfterMs,
        }
      : { type: 'timer.clear', name: 'silence' },
  );
}

/** The caller has waited long enough: something short is said, never the same twice running. */
export function breakSilence(scene: Scene): void {
  const { silence, turnsEnded } = scene.state;
  scene.update({ silence: { ...silence, running: false } });
  if (!callerWaits(scene)) return;
  const { fillers, stillWorking } = scene.options.lines;
  const lines = silence.fillers === 0 ? fillers : stillWorking;
  const line = lines[(turnsEnded + silence.fillers) % Math.max(1, lines.length)];
  if (line === undefined) return;
  scene.update({ silence: { running: false, fillers: silence.fillers + 1 } });
  scene.say(line);
}

function callerWaits({ state: { turn, reply, floor } }: Scene): boolean {
  const answerComes =
    reply.status === 'owed' ||
    reply.status === 'tools' ||
    (reply.status === 'streaming' && !isSpoken(reply.text));
  // A notice that lets the answer go first breaks no silence.
  const nothingToSay = floor.status === 'free' && floor.queue.every(({ kind }) => kind === 'notice');
  return answerComes && turn.status === 'listening' && nothingToSay;
}
