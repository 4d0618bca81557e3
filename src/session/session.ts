import type { Command } from '../conversation/command.ts';
import type { ConversationEvent, TimedEvent } from '../conversation/event.ts';
import type { Handover } from '../conversation/handover.ts';
import { handoverOf } from '../conversation/handoverOf.ts';
import { heardAfter } from '../conversation/heardAfter.ts';
import { noticeText } from '../conversation/noticeText.ts';
import { initialState } from '../conversation/state.ts';
import { step } from '../conversation/step.ts';
import type { Logger } from '../telemetry/log.ts';
import { Attendance } from './attendance.ts';
import { CallWatch } from './callLimits.ts';
import { Ears } from './ears.ts';
import { fixedLines } from './fixedLines.ts';
import type { SessionParts } from './sessionParts.ts';
import { Speaker } from './speaker.ts';
import { tappedOutput } from './tappedOutput.ts';
import { Thinker } from './thinker.ts';
import { Timers } from './timers.ts';

/** Longest wait for our goodbye to be heard, ms. */
const GOODBYE_MS = 12_000;

/**
 * Why the call is over. `alone`: the last person left. `handedOver`: it is to go on in another session. `failed`: so it is,
 * because of a fault in this one.
 */
export type SessionEnd =
  | { readonly why: 'alone' | 'hungUp' | 'handedOver' }
  | { readonly why: 'closed' | 'failed'; readonly reason: string };

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
  readonly #watch: CallWatch | undefined;
  readonly #attendance: Attendance;
  readonly #detach: (() => void)[] = [];
  readonly #queue: ConversationEvent[] = [];
  #working = false;
  #state = initialState;
  #ending: Promise<void> | undefined;
  #finish: (end: SessionEnd) => void = () => {};

  /** Resolves when the call is over and nothing of it is left running. */
  readonly ended: Promise<SessionEnd>;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { clock, room } = parts;
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
      output: parts.echo
        ? tappedOutput(room.output, clock, (frame, at) => this.#ears.hearOurselves(frame, at))
        : room.output,
      clock,
      log: this.#log,
      listener: dispatch,
      ...(parts.prepared === undefined ? {} : { prepared: parts.prepared }),
    });
    this.#thinker = new Thinker({
      llm: parts.llm,
      system: parts.system,
      tools: parts.tools.specs(),
      log: this.#log,
      dispatch,
    });
    this.#timers = new Timers(clock, (name) => dispatch({ type: 'timer', name }));
    this.#watch =
      parts.limits &&
      new CallWatch({
        limits: parts.limits,
        clock,
        lines: parts.options.lines,
        isAwaited: async () => (await parts.tasks.isRunning?.(this.#attendance.owner)) ?? false,
        dispatch,
      });
    this.#ears = new Ears({
      stt: parts.stt,
      detector: parts.detector,
      recogniser: parts.recogniser,
      echo: parts.echo,
      clock,
      log: this.#log,
      dispatch,
    });
    this.#attendance = new Attendance({
      room,
      tasks: parts.tasks,
      taskOwner: parts.taskOwner ?? 'identity',
      clock,
      ...(parts.emptyRoomMs === undefined ? {} : { emptyRoomMs: parts.emptyRoomMs }),
      onServing: ({ identity }, isOther) => {
        this.#log.info(`serving ${identity}`);
        const { resumed } = parts;
        dispatch({
          type: 'call.joined',
          ...(resumed === undefined ? {} : { resumed }),
          ...(isOther ? { isOther } : {}),
        });
      },
      onDeparted: () => {
        dispatch({ type: 'call.left' });
        this.#ears.endSpeech();
      },
      onAlone: () => void this.#end({ why: 'alone' }),
      onTask: (task) => dispatch({ type: 'task.finished', task }),
      onRunning: ({ description }) =>
        this.#speaker.prepare([noticeText({ description, status: 'completed' })]),
    });
    this.#detach.push(
      room.on('audio', (frame, from) => {
        if (this.#attendance.serves(from)) this.#ears.hear(frame);
      }),
      room.on('chat', (text, from) => {
        if (from.kind === 'person') dispatch({ type: 'chat.received', text });
      }),
      room.on('participantJoined', () => this.#attendance.look()),
      room.on('participantLeft', (left) => this.#attendance.left(left)),
      room.on('closed', (reason) => void this.#end({ why: 'closed', reason })),
    );
    void this.#speaker.warm().then(() => this.#speaker.prepare(fixedLines(parts.options)));
    this.#attendance.look();
  }

  /** Ends the call from our side. */
  async hangUp(): Promise<void> {
    await this.#end({ why: 'hungUp' });
  }

  /** Says goodbye, then ends the call: at the latest after `GOODBYE_MS`. */
  async sayGoodbye(text: string = this.#parts.options.lines.closing): Promise<void> {
    this.#dispatch({ type: 'call.closing', text });
    await this.ended;
  }

  /** Leaves without a word; what it resolves with lets another session go on. */
  async handOver(): Promise<Handover> {
    const handover = handoverOf(this.#state);
    await this.#end({ why: 'handedOver' });
    return handover;
  }

  /** Something went wrong in this call that must not go on; other calls are not touched. */
  async fail(error: unknown): Promise<void> {
    if (this.#ending) return;
    this.#log.error('a call failed', { error });
    await this.#end({ why: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }

  #dispatch(event: ConversationEvent): void {
    this.#queue.push(event);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#process(next);
    } catch (error) {
      // What the core cannot follow any more it must not decide on either.
      this.#queue.length = 0;
      void this.fail(error);
    } finally {
      this.#working = false;
    }
  }

  #process(event: ConversationEvent): void {
    const timed: TimedEvent = { ...event, at: this.#parts.clock.now() };
    for (const observer of this.#parts.observers ?? []) observer.event(timed);
    if (event.type === 'call.closing') this.#leaveSoon();
    this.#watch?.saw(event);
    const [state, commands] = step(this.#state, timed, this.#parts.options);
    const isNews = state.history !== this.#state.history || state.floor !== this.#state.floor;
    this.#state = state;
    if (isNews && state.phase === 'live') this.#parts.onHandover?.(handoverOf(state));
    for (const observer of this.#parts.observers ?? []) observer.decided?.(state, commands);
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
      case 'call.leave':
        void this.#end({ why: 'hungUp' });
        break;
      case 'task.heard':
        this.#parts.tasks.heard(command.jobIds);
        break;
      case 'publish.state':
        this.#publish(this.#parts.room.publishState(command.state));
        break;
      case 'publish.transcript': {
        const { type: _, ...update } = command;
        const identity = command.speaker === 'user' ? { identity: this.#attendance.identity } : {};
        this.#publish(this.#parts.room.publishTranscript({ ...update, ...identity }));
        break;
      }
    }
  }

  #runTool({ use, turn }: Extract<Command, { type: 'tool.run' }>): void {
    this.#log.info(`tool ${use.name}`, { input: use.input });
    const heardSince = (callId: string) => heardAfter(this.#state.history, callId);
    this.#parts.tools
      .run(use, { owner: this.#attendance.owner, turn, heardSince })
      .then(({ content, isError }) => {
        this.#dispatch({ type: 'tool.ended', toolUseId: use.id, content, isError });
      });
  }

  /** What front ends are told is worth a log line when it fails, never more. */
  #publish(sent: Promise<void>): void {
    sent.catch((error) => this.#log.debug('not published', { error }));
  }

  /** The goodbye may wait for a caller who keeps talking, or for a voice that is gone: not for ever. */
  #leaveSoon(): void {
    const cancel = this.#parts.clock.setTimer(GOODBYE_MS, () => void this.#end({ why: 'hungUp' }));
    this.#detach.push(cancel);
  }

  #end(end: SessionEnd): Promise<void> {
    this.#ending ??= this.#tearDown().finally(() => this.#finish(end));
    return this.#ending;
  }

  async #tearDown(): Promise<void> {
    this.#attendance.close();
    this.#watch?.close();
    this.#dispatch({ type: 'call.ended' });
    for (const detach of this.#detach) detach();
    this.#timers.close();
    this.#thinker.close();
    await Promise.allSettled([this.#speaker.close(), this.#ears.close()]);
    await Promise.allSettled([this.#parts.tts.close(), this.#parts.room.leave()]);
  }
}
