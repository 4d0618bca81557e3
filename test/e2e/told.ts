import type { Call } from './rig.ts';

/** What we hold for heard since then, in order. */
export function told({ events }: Call, sinceMs = 0): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'speech.ended' && event.at >= sinceMs && event.heard !== '' ? [event.heard] : [],
  );
}
