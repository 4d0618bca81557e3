import type { Command } from '../conversation/command.ts';
import type { ConversationEvent, EndedTask, TimedEvent } from '../conversation/event.ts';
import type { ConversationOptions } from '../conversation/options.ts';
import { initialState } from '../conversation/state.ts';
import { step } from '../conversation/step.ts';
import type { LanguageModel } from '../llm/languageModel.ts';
import type { Recogniser } from '../perception/recogniser.ts';
import type { SpeechDetector } from '../perception/speechDetector.ts';
import type { Room, RoomParticipant } from '../room/room.ts';
import type { SpeechToText } from '../stt/speechToText.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import type { ToolBox } from '../tools/toolBox.ts';
import type { TextToSpeech } from '../tts/textToSpeech.ts';
import { Ears } from './ears.ts';
import { Speaker } from './speaker.ts';
import { Thinker } from './thinker.ts';
import { Timers } from './timers.ts';

/** What a session needs of the tasks: to hear of finished ones, and to say that their notice was heard. */
export interface TaskNews {
  /** Calls back for each finished task of the owner nobody has told yet, now and later; returns how to stop that. */
  follow(owner: string, listener: (task: EndedTask) => void): () => void;
  heard(jobIds: readonly string[]): void;
}

/** Sees every event and command of a call, in order; recordings and live views are made of it. */
export interface SessionObserver {
  event(event: TimedEvent): void;
  command(command: Command, at: number): void;
}

export interface SessionParts {
  readonly room: Room;
  readonly stt: SpeechToText;
  readonly tts: TextToSpeech;
  readonly llm: LanguageModel;
  readonly detector: SpeechDetector;
  /** Hears the first words of overlaps and drafts, on this machine; undefined: none is wanted. */
  readonly recogniser: Recogniser | undefined;
  readonly tools: ToolBox;
  readonly tasks: TaskNews;
  readonly system: string;
  readonly options: ConversationOptions;
  readonly clock: Clock;
  readonly log: Logger;
  readonly observers?: readonly SessionObserver[];
  /** Wait for somebody to come (back) before an empty room is left, ms. */
  readonly emptyRoomMs?: number;
}

const EMPTY_ROOM_MS = 3_000;

/** Why the call is over. `alone`: the last person left. */
export type SessionEnd =
  | { readonly why: 'alone' | 'hungUp' }
  | { readonly why: 'closed'; readonly reason: string };

/**
 * One call: the only place where the core meets the world. What happens becomes an event, events pass through the core one
 * by one, and what the core commands is done here.
 */
export class Session {
  readonly #parts: SessionParts;
  readonly #log: Logger;
  readonly #speaker: Speaker;
  readonly #ears: Ears;
  readonly #thinker: Thinker;
  readonly #timers: Timers;
  readonly #detach: (() => void)[] = [];
  readonly #queue: ConversationEvent[] = [];
  #working = false;
  #state = initialState;
  #caller: RoomParticipant | undefined;
  /** Whose tasks are told in this call: the caller's, also while they are away for a moment. */
  #owner: string;
  #unfollow: () => void = () => {};
  #cancelLeaving: () => void = () => {};
  #ending: Promise<void> | undefined;
  #finish: (end: SessionEnd) => void = () => {};

  /** Resolves when the call is over and nothing of it is left running. */
  readonly ended: Promise<SessionEnd>;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { clock, room } = parts;
    this.#owner = room.name;
    this.#log = parts.log;
    const finished = new Promise<SessionEnd>((resolve) => {
      this.#finish = resolve;
    });
    this.ended = finished.then(async (end) => {
      await this.#ending;
      return end;
    });
    const dispatch = (event: ConversationEvent) => this.#dispatch(event);
    this.#speaker = new Speaker({
      tts: parts.tts,
      output: room.output,
      clock,
      log: this.#log,
      listener: dispatch,
    });
    this.#thinker = new Thinker({
      llm: parts.llm,
      system: parts.system,
      tools: parts.tools.specs(),
      log: this.#log,
      dispatch,
    });
    this.#timers = new Timers(clock, (name) => dispatch({ type: 'timer', name }));
    this.#ears = new Ears({
      stt: parts.stt,
      detector: parts.detector,
      recogniser: parts.recogniser,
      clock,
      log: this.#log,
      dispatch,
    });
    this.#detach.push(
      room.on('audio', (frame, from) => {
        if (from.identity === this.#caller?.identity) this.#ears.hear(frame);
      }),
      room.on('chat', (text, from) => {
        if (from.kind === 'person') dispatch({ type: 'chat.received', text });
      }),
      room.on('participantJoined', () => this.#attend()),
      room.on('participantLeft', (left) => this.#departed(left)),
      room.on('closed', (reason) => void this.#end({ why: 'closed', reason })),
    );
    void this.#speaker.warm();
    this.#attend();
    this.#leaveIfAlone();
  }

  /** Ends the call from our side. */
  async hangUp(): Promise<void> {
    await this.#end({ why: 'hungUp' });
  }

  /** Serves the first person in the room, and the next one when that one leaves. */
  #attend(): void {
    const caller = this.#parts.room.participants.find(({ kind }) => kind === 'person');
    if (!caller || this.#ending) return;
    this.#cancelLeaving();
    if (this.#caller?.identity === caller.identity) return;
    this.#caller = caller;
    this.#owner = caller.identity;
    this.#log.info(`serving ${caller.identity}`);
    this.#dispatch({ type: 'call.joined' });
    this.#unfollow();
    this.#unfollow = this.#parts.tasks.follow(this.#owner, (task) =>
      this.#dispatch({ type: 'task.finished', task }),
    );
  }

  #departed(participant: RoomParticipant): void {
    if (participant.identity !== this.#caller?.identity) return;
    this.#ears.endSpeech();
    this.#caller = undefined;
    this.#attend();
    this.#leaveIfAlone();
  }

  #leaveIfAlone(): void {
    if (this.#caller || this.#ending) return;
    this.#cancelLeaving = this.#parts.clock.setTimer(this.#parts.emptyRoomMs ?? EMPTY_ROOM_MS, () => {
      void this.#end({ why: 'alone' });
    });
  }

  #dispatch(event: ConversationEvent): void {
    this.#queue.push(event);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#process(next);
    } finally {
      this.#working = false;
    }
  }

  #process(event: ConversationEvent): void {
    const timed: TimedEvent = { ...event, at: this.#parts.clock.now() };
    for (const observer of this.#parts.observers ?? []) observer.event(timed);
    const [state, commands] = step(this.#state, timed, this.#parts.options);
    this.#state = state;
    for (const command of commands) {
      for (const observer of this.#parts.observers ?? []) observer.command(command, timed.at);
      this.#execute(command);
    }
  }

  #execute(command: Command): void {
    switch (command.type) {
      case 'stt.commit':
        this.#ears.commit(command.commitId);
        break;
      case 'ears.look':
        this.#ears.look(command.lookId, command.ended);
        break;
      case 'llm.start':
        this.#thinker.start(command.replyId, command.messages, command.mayUseTools);
        break;
      case 'llm.cancel':
        this.#thinker.cancel(command.replyId);
        break;
      case 'tool.run':
        this.#runTool(command);
        break;
      case 'speech.begin':
        this.#speaker.begin(command.utteranceId);
        break;
      case 'speech.text':
        this.#speaker.text(command.utteranceId, command.text);
        break;
      case 'speech.end':
        this.#speaker.end(command.utteranceId);
        break;
      case 'speech.play':
        this.#speaker.play(command.utteranceId);
        break;
      case 'speech.duck':
        this.#speaker.duck();
        break;
      case 'speech.restore':
        this.#speaker.restore();
        break;
      case 'speech.hold':
        this.#speaker.hold();
        break;
      case 'speech.resume':
        this.#speaker.resume();
        break;
      case 'speech.cut':
        this.#speaker.cut(command.utteranceId, command.when);
        break;
      case 'timer.set':
        this.#timers.set(command.name, command.ms);
        break;
      case 'timer.clear':
        this.#timers.clear(command.name);
        break;
      case 'task.heard':
        this.#parts.tasks.heard(command.jobIds);
        break;
      case 'publish.state':
        this.#publish(this.#parts.room.publishState(command.state));
        break;
      case 'publish.transcript': {
        const { type: _, ...update } = command;
        const identity = command.speaker === 'user' ? { identity: this.#owner } : {};
        this.#publish(this.#parts.room.publishTranscript({ ...update, ...identity }));
        break;
      }
    }
  }

  #runTool({ use, turn }: Extract<Command, { type: 'tool.run' }>): void {
    this.#log.info(`tool ${use.name}`, { input: use.input });
    this.#parts.tools.run(use, { owner: this.#owner, turn }).then(({ content, isError }) => {
      this.#dispatch({ type: 'tool.ended', toolUseId: use.id, content, isError });
    });
  }

  /** What front ends are told is worth a log line when it fails, never more. */
  #publish(sent: Promise<void>): void {
    sent.catch((error) => this.#log.debug('not published', { error }));
  }

  #end(end: SessionEnd): Promise<void> {
    this.#ending ??= this.#tearDown().finally(() => this.#finish(end));
    return this.#ending;
  }

  async #tearDown(): Promise<void> {
    this.#cancelLeaving();
    this.#unfollow();
    this.#dispatch({ type: 'call.ended' });
    for (const detach of this.#detach) detach();
    this.#timers.close();
    this.#thinker.close();
    await Promise.allSettled([this.#speaker.close(), this.#ears.close()]);
    await Promise.allSettled([this.#parts.tts.close(), this.#parts.room.leave()]);
  }
}
