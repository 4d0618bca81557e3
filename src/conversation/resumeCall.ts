import type { Handover } from './handover.ts';
import type { HistoryItem } from './history.ts';
import { oweReply } from './reply.ts';
import type { Scene } from './scene.ts';

const LOST_RESULT =
  'The connection was lost while this was being done: nobody knows whether it was. Check before it is done again.';

/** Goes on with a call: the apology in the place of the greeting, then what the caller was owed. */
export function resumeCall(scene: Scene, { history, unfinished, turns, told }: Handover): void {
  const answered = new Set(history.flatMap((item) => (item.kind === 'toolResult' ? [item.toolUseId] : [])));
  const restored = history.flatMap((item): readonly HistoryItem[] => {
    // Utterances are counted from the beginning again: those of before need names of their own.
    if (item.kind === 'assistant') return [{ ...item, utteranceId: `before ${item.utteranceId}` }];
    if (item.kind !== 'toolUse' || answered.has(item.use.id)) return [item];
    return [item, { kind: 'toolResult', toolUseId: item.use.id, content: LOST_RESULT, isError: true }];
  });
  scene.update({ history: restored, turnsEnded: turns, told });
  scene.remember({
    kind: 'event',
    text: 'The connection was lost for a moment. It is back, and the caller was told so in the words that follow.',
  });
  scene.say(scene.options.lines.connectionLost);
  if (unfinished) scene.update({ reply: oweReply(scene.state.reply) });
}
