import { type FloorState, initialFloor } from './floor.ts';
import type { History } from './history.ts';
import { initialReply, type ReplyState } from './reply.ts';
import { initialTurn, type TurnState } from './turn.ts';

export interface ConversationState {
  readonly phase: 'joining' | 'live' | 'over';
  readonly turn: TurnState;
  readonly reply: ReplyState;
  readonly floor: FloorState;
  readonly history: History;
  /** Turns of the user that were ended, spoken and typed; the ledger of side effects is keyed by it. */
  readonly turnsEnded: number;
  /** Fixed lines and notices made so far; names them. */
  readonly lines: number;
  /** The last published agent state. */
  readonly published: 'listening' | 'thinking' | 'speaking' | undefined;
}

export const initialState: ConversationState = {
  phase: 'joining',
  turn: initialTurn,
  reply: initialReply,
  floor: initialFloor,
  history: [],
  turnsEnded: 0,
  lines: 0,
  published: undefined,
};
