import type { EndedTask } from './event.ts';
import { type FloorState, initialFloor } from './floor.ts';
import type { History } from './history.ts';
import { initialOverlap, type OverlapState } from './overlap.ts';
import { initialReply, type ReplyState } from './reply.ts';
import { initialTurn, type TurnState } from './turn.ts';

export interface ConversationState {
  readonly phase: 'joining' | 'live' | 'over';
  readonly turn: TurnState;
  readonly overlap: OverlapState;
  readonly reply: ReplyState;
  readonly floor: FloorState;
  readonly history: History;
  /** Turns of the user that were answered, spoken and typed; the ledger of side effects is keyed by it. */
  readonly turnsEnded: number;
  /** Fixed lines and notices made so far; names them. */
  readonly lines: number;
  /** The look whose words may begin a draft. */
  readonly draftLook: string | undefined;
  /** Looks made for drafts so far; names them. */
  readonly draftLooks: number;
  readonly silence: {
    /** Whether its timer runs. */
    readonly running: boolean;
    /** Since when the caller has been waiting without hearing us; undefined: nobody waits. */
    readonly since: number | undefined;
    /** Fillers said since a reply was last heard. */
    readonly fillers: number;
    /** Since when a tool has been running; absent while none is. */
    readonly toolSince?: number;
  };
  /** What we said last, and when it ended: a loudspeaker may bring it back, and a question makes a hum an answer. */
  readonly ours: { readonly text: string; readonly endedAt: number };
  /** When the user's last turn began. */
  readonly tookFloorAt: number;
  /** Whether whom we serve is gone, perhaps for a moment. */
  readonly away: boolean;
  /** Tasks whose notice the voice could not speak, and how often in a row that has been so. */
  readonly unsaid: { readonly tasks: readonly EndedTask[]; readonly tries: number };
  /** Job ids of the tasks whose news were told in this call. */
  readonly told: readonly string[];
  /** The unspoken rest of an answer that a notice cut. */
  readonly cutOff: string;
  /** The goodbye after which we leave, while it is to be said. */
  readonly goodbye: string | undefined;
  /** The last published agent state. */
  readonly published: 'listening' | 'thinking' | 'speaking' | undefined;
}

export const initialState: ConversationState = {
  phase: 'joining',
  turn: initialTurn,
  overlap: initialOverlap,
  reply: initialReply,
  floor: initialFloor,
  history: [],
  turnsEnded: 0,
  lines: 0,
  draftLook: undefined,
  draftLooks: 0,
  silence: { running: false, since: undefined, fillers: 0 },
  ours: { text: '', endedAt: Number.NEGATIVE_INFINITY },
  tookFloorAt: 0,
  away: false,
  unsaid: { tasks: [], tries: 0 },
  told: [],
  cutOff: '',
  goodbye: undefined,
  published: undefined,
};
