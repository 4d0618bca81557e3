import type { ParticipantKind } from './room.ts';

/** Whose audio a member receives: people hear everyone who talks, an agent hears people only. */
export function hears(listener: ParticipantKind, speaker: ParticipantKind): boolean {
  return speaker === 'person' || (speaker === 'agent' && listener !== 'agent');
}
