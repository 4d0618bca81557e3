import { z } from 'zod';
import type { Handover } from '../conversation/handover.ts';
import type { HistoryItem } from '../conversation/history.ts';

const historyItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), text: z.string() }),
  z.object({ kind: z.literal('user'), text: z.string() }),
  z.object({
    kind: z.literal('assistant'),
    utteranceId: z.string(),
    text: z.string(),
    status: z.enum(['pending', 'heard']),
  }),
  z.object({
    kind: z.literal('toolUse'),
    use: z.object({ type: z.literal('toolUse'), id: z.string(), name: z.string(), input: z.unknown() }),
  }),
  z.object({
    kind: z.literal('toolResult'),
    toolUseId: z.string(),
    content: z.string(),
    isError: z.boolean(),
  }),
]);

/** What changed of a call's handover: its history keeps the first `keep` items, then come `items`. */
export const handoverUpdate = z.object({
  keep: z.number().int().min(0),
  items: z.array(historyItem),
  unfinished: z.boolean(),
  turns: z.number().int().min(0),
  told: z.array(z.string()),
});

export type HandoverUpdate = z.infer<typeof handoverUpdate>;

/** A whole handover, for a call that begins with it. */
export const handoverSchema = handoverUpdate.omit({ keep: true, items: true }).extend({
  history: z.array(historyItem),
});

/** The sending side: a history grows at its end, so that little of it has to travel at each word. */
export class HandoverSender {
  #sent: readonly HistoryItem[] = [];

  update({ history, ...rest }: Handover): HandoverUpdate {
    let keep = 0;
    while (keep < history.length && keep < this.#sent.length && history[keep] === this.#sent[keep]) keep++;
    this.#sent = history;
    return { keep, items: history.slice(keep), ...rest, told: [...rest.told] };
  }
}

/** The receiving side. */
export function applyUpdate(before: Handover | undefined, update: HandoverUpdate): Handover {
  const { keep, items, ...rest } = update;
  return { ...rest, history: [...(before?.history.slice(0, keep) ?? []), ...items] };
}
