import { VoiceAgentError } from '../errors.ts';
import type { LocalOutput } from './localOutput.ts';
import type { AgentState, Room, RoomEvents, RoomParticipant, TranscriptUpdate } from './room.ts';
import { RoomEmitter } from './roomEmitter.ts';
import type { RoomLog } from './roomLog.ts';

/** What a member needs of its hub. */
export interface LocalHubLink {
  readonly name: string;
  others(of: LocalMember): LocalMember[];
  removed(member: LocalMember): void;
}

export interface LocalMemberOptions {
  readonly participant: RoomParticipant;
  readonly output: LocalOutput;
  readonly hub: LocalHubLink;
  readonly log: RoomLog;
}

/** One membership of the in-process room. */
export class LocalMember implements Room {
  readonly participant: RoomParticipant;
  readonly output: LocalOutput;
  readonly emitter: RoomEmitter;
  readonly #hub: LocalHubLink;
  #agentState: AgentState | undefined;
  #over = false;

  constructor(options: LocalMemberOptions) {
    this.participant = options.participant;
    this.output = options.output;
    this.emitter = new RoomEmitter(options.log);
    this.#hub = options.hub;
  }

  get name(): string {
    return this.#hub.name;
  }

  get identity(): string {
    return this.participant.identity;
  }

  get participants(): readonly RoomParticipant[] {
    return this.#over ? [] : this.#hub.others(this).map((member) => member.participant);
  }

  get agentState(): AgentState | undefined {
    return this.#agentState;
  }

  on<E extends keyof RoomEvents>(event: E, listener: (...args: RoomEvents[E]) => void): () => void {
    return this.emitter.on(event, listener);
  }

  async publishState(state: AgentState): Promise<void> {
    if (state === this.#agentState) return;
    this.#agentState = state;
    this.#toOthers('agentState', state, this.participant);
  }

  async publishTranscript(update: TranscriptUpdate): Promise<void> {
    this.#toOthers('transcript', { ...update, segmentId: `${this.participant.sid}/${update.segmentId}` });
  }

  async sendChat(text: string): Promise<void> {
    if (this.#over) {
      throw new VoiceAgentError('VA_ROOM_CLOSED', 'The room is closed: join it again to go on.');
    }
    if (text.trim() !== '') this.#toOthers('chat', text, this.participant);
  }

  async leave(): Promise<void> {
    this.#end();
  }

  /** Ends the membership from the other side. */
  expel(reason: string): void {
    if (this.#end()) this.emitter.emit('closed', reason);
  }

  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.output.close();
    this.#hub.removed(this);
    return true;
  }

  #toOthers<E extends keyof RoomEvents>(event: E, ...args: RoomEvents[E]): void {
    if (this.#over) return;
    for (const member of this.#hub.others(this)) member.emitter.emit(event, ...args);
  }
}
