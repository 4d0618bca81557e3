import type { Command } from './command.ts';
import type { TaskNotice, TimedEvent } from './event.ts';
import * as floors from './floor.ts';
import { appendSpoken, settleSpoken, toMessages } from './history.ts';
import type { ConversationOptions } from './options.ts';
import { oweReply, type ReplySignal, startReply, stepReply } from './reply.ts';
import type { ConversationState } from './state.ts';
import { stepTurn, type TurnSignal } from './turn.ts';

/**
 * The conversation core: what happens next, given what has happened. Pure: no clock, no I/O; the same state and event
 * always give the same state and commands, which is what replay and simulation stand on.
 */
export function step(
  state: ConversationState,
  event: TimedEvent,
  options: ConversationOptions,
): readonly [ConversationState, readonly Command[]] {
  const draft = new Draft(state, options);
  if (state.phase === 'over') {
    // Only what was heard before the hang-up still counts.
    if (event.type === 'speech.ended') draft.onEvent(event, state.floor);
    return [draft.state, draft.commands.filter(({ type }) => type === 'task.heard')];
  }
  if (event.type === 'call.ended') {
    draft.end();
    return [draft.state, draft.commands];
  }

  const turn = stepTurn(state.turn, event, options);
  draft.update({ turn: turn.turn });
  draft.emit(...turn.commands);
  const reply = stepReply(draft.state.reply, event);
  draft.update({ reply: reply.reply });
  const before = draft.state.floor;
  draft.floor(floors.stepFloor(before, event));

  for (const signal of turn.signals) draft.onTurn(signal);
  for (const signal of reply.signals) draft.onReply(signal);
  draft.onEvent(event, before);
  draft.settle();
  return [draft.state, draft.commands];
}

/** The state while one event passes through the machines. */
class Draft {
  state: ConversationState;
  readonly commands: Command[] = [];
  readonly #options: ConversationOptions;

  constructor(state: ConversationState, options: ConversationOptions) {
    this.state = state;
    this.#options = options;
  }

  update(change: Partial<ConversationState>): void {
    this.state = { ...this.state, ...change };
  }

  emit(...commands: Command[]): void {
    this.commands.push(...commands);
  }

  floor(step: floors.FloorStep): void {
    this.update({ floor: step.floor });
    this.emit(...step.commands);
  }

  onTurn(signal: TurnSignal): void {
    switch (signal.type) {
      case 'userTookFloor':
        this.floor(floors.hold(this.state.floor));
        break;
      case 'turnDropped':
        this.floor(floors.resume(this.state.floor));
        break;
      case 'turnEnded':
        this.#answer(signal.text);
        break;
    }
  }

  /** New words of the user supersede whatever we were saying or about to say, notices excepted. */
  #answer(text: string): void {
    const { reply, floor } = this.state;
    if (reply.status === 'streaming') this.emit({ type: 'llm.cancel', replyId: reply.replyId });
    this.floor(floors.cut(floor, 'now'));
    this.floor(floors.dropQueued(this.state.floor, ({ kind }) => kind !== 'notice'));
    this.update({
      reply: oweReply(reply),
      turnsEnded: this.state.turnsEnded + 1,
      history: [...this.state.history, { kind: 'user', text }],
    });
  }

  onReply(signal: ReplySignal): void {
    switch (signal.type) {
      case 'replyText':
        this.#replyText(utteranceOf(signal.replyId), signal.text);
        break;
      case 'replyEnded':
        if (signal.spoken) this.#endReply(utteranceOf(signal.replyId));
        // Silence is never the answer: a refusal or an empty reply is owned up to.
        else if (signal.reason !== 'toolUse') this.say(this.#options.lines.notUnderstood);
        break;
      case 'replyFailed':
        if (signal.spoken) this.#endReply(utteranceOf(signal.replyId));
        this.say(this.#options.lines.modelFailed);
        break;
      case 'toolsCalled':
        this.update({
          history: [...this.state.history, ...signal.uses.map((use) => ({ kind: 'toolUse', use }) as const)],
        });
        for (const use of signal.uses) this.emit({ type: 'tool.run', use, turn: this.state.turnsEnded });
        break;
      case 'toolAnswered': {
        const { type: _, ...result } = signal;
        this.update({ history: [...this.state.history, { kind: 'toolResult', ...result }] });
        break;
      }
    }
  }

  #replyText(utteranceId: string, text: string): void {
    const known = this.state.history.some(
      (item) => item.kind === 'assistant' && item.utteranceId === utteranceId,
    );
    if (!known) {
      this.emit({ type: 'speech.begin', utteranceId });
      this.update({ floor: floors.enqueue(this.state.floor, { id: utteranceId, kind: 'reply' }) });
    } else if (!floors.isLive(this.state.floor, utteranceId)) {
      // Cut by a notice: the model goes on (it may be about to call a tool), but nobody will hear these words.
      return;
    }
    this.update({ history: appendSpoken(this.state.history, utteranceId, text) });
    this.emit({ type: 'speech.text', utteranceId, text });
  }

  #endReply(utteranceId: string): void {
    if (floors.isLive(this.state.floor, utteranceId)) this.emit({ type: 'speech.end', utteranceId });
  }

  /** Speaks a fixed line, without the model. */
  say(text: string): void {
    if (text.trim() === '') return;
    const id = this.#nextLine();
    this.update({ history: appendSpoken(this.state.history, id, text) });
    this.#prepare({ id, kind: 'line' }, text);
  }

  #announce(notice: TaskNotice): void {
    this.#prepare({ id: this.#nextLine(), kind: 'notice', ...notice }, notice.text);
    const { turn, reply, floor } = this.state;
    const userIsServedFirst =
      turn.status !== 'listening' || (reply.status !== 'idle' && floor.status === 'free');
    if (userIsServedFirst) return;
    if (floor.status === 'speaking' && floor.utterance.kind !== 'notice') {
      this.floor(floors.cut(floor, 'word'));
    }
  }

  #nextLine(): string {
    this.update({ lines: this.state.lines + 1 });
    return `line-${this.state.lines}`;
  }

  #prepare(utterance: floors.Utterance, text: string): void {
    const utteranceId = utterance.id;
    this.emit(
      { type: 'speech.begin', utteranceId },
      { type: 'speech.text', utteranceId, text },
      { type: 'speech.end', utteranceId },
    );
    this.update({ floor: floors.enqueue(this.state.floor, utterance) });
  }

  onEvent(event: TimedEvent, floorBefore: floors.FloorState): void {
    switch (event.type) {
      case 'call.joined':
        if (this.state.phase !== 'joining') break;
        this.update({
          phase: 'live',
          history: [...this.state.history, { kind: 'event', text: 'The caller has joined the call.' }],
        });
        this.say(this.#options.greeting);
        break;
      case 'stt.failed':
        this.say(this.#options.lines.cannotHear);
        break;
      case 'task.finished':
        this.#announce(event.notice);
        break;
      case 'timer':
        if (event.name === 'notice.patience') this.#preemptForNotice();
        break;
      case 'speech.progress':
        this.#transcript(event.utteranceId, event.heard, false);
        break;
      case 'speech.ended':
        this.#speechEnded(event, floorBefore);
        break;
      default:
        break;
    }
  }

  #preemptForNotice(): void {
    const { floor } = this.state;
    const waiting = floor.queue.some(({ kind }) => kind === 'notice');
    if (waiting && floor.status === 'speaking' && floor.utterance.kind !== 'notice') {
      this.floor(floors.cut(floor, 'word'));
    }
  }

  #speechEnded(event: Extract<TimedEvent, { type: 'speech.ended' }>, before: floors.FloorState): void {
    const { utteranceId, heard } = event;
    const ended =
      before.status !== 'free' && before.utterance.id === utteranceId ? before.utterance : undefined;
    if (ended?.kind === 'notice') this.#noticeEnded(ended, event);
    this.update({ history: settleSpoken(this.state.history, utteranceId, heard) });
    if (heard.trim() !== '') this.#transcript(utteranceId, heard, true);
  }

  #noticeEnded(
    notice: Extract<floors.Utterance, { kind: 'notice' }>,
    { heard, outcome }: Extract<TimedEvent, { type: 'speech.ended' }>,
  ): void {
    const told = outcome === 'complete' || heard.length >= keyWordsEnd(notice.text);
    // Cut before its key words: not heard, so it is told again at the next free moment.
    if (!told && outcome === 'cut') {
      this.#prepare({ ...notice, id: this.#nextLine() }, notice.text);
      return;
    }
    this.update({
      history: [
        ...this.state.history,
        { kind: 'event', text: notice.event },
        { kind: 'assistant', utteranceId: notice.id, text: notice.text, status: 'pending' },
      ],
    });
    if (told) this.emit({ type: 'task.heard', jobIds: notice.jobIds });
  }

  #transcript(utteranceId: string, text: string, final: boolean): void {
    this.emit({
      type: 'publish.transcript',
      speaker: 'agent',
      segmentId: `agent-${utteranceId}`,
      text,
      final,
    });
  }

  /** What follows from the state alone: who gets the floor, whether the model is asked, what the room is told. */
  settle(): void {
    if (this.state.phase !== 'live') return;
    this.#startOwedReply();
    this.#grantFloor();
    this.#publishState();
  }

  #startOwedReply(): void {
    const { reply, turn, floor, history } = this.state;
    if (reply.status !== 'owed' || turn.status !== 'listening') return;
    // What was heard of a cut utterance has to be in history before the model is asked.
    if (floor.status === 'cutting' && floor.utterance.kind !== 'notice') return;
    const streaming = startReply(reply);
    this.update({ reply: streaming });
    this.emit({
      type: 'llm.start',
      replyId: streaming.replyId,
      messages: toMessages(history),
      mayUseTools: reply.round < this.#options.maxToolRounds,
    });
  }

  #grantFloor(): void {
    const { floor, turn, reply } = this.state;
    if (turn.status !== 'listening') return;
    const answerComes =
      reply.status === 'owed' ||
      (reply.status === 'streaming' && !reply.spoken) ||
      floor.queue.some(({ kind }) => kind === 'reply');
    const granted = floors.grant(floor, ({ kind }) => kind !== 'notice' || !answerComes);
    this.floor(granted);
    const { floor: now } = this.state;
    if (granted.commands.length === 0 || now.status !== 'speaking' || now.utterance.kind === 'notice') return;
    if (now.queue.some(({ kind }) => kind === 'notice')) {
      this.emit({ type: 'timer.set', name: 'notice.patience', ms: this.#options.noticePatienceMs });
    }
  }

  #publishState(): void {
    const { floor, reply, turn, published } = this.state;
    const audible = (floor.status === 'speaking' && floor.audible) || floor.status === 'cutting';
    // From the user's last word to our first: also while the voice of the answer is being made.
    const answerIsMade =
      (floor.status === 'speaking' && floor.utterance.kind === 'reply') ||
      floor.queue.some(({ kind }) => kind === 'reply');
    const thinking = turn.status === 'listening' && (reply.status !== 'idle' || answerIsMade);
    const state = audible ? 'speaking' : thinking ? 'thinking' : 'listening';
    if (state === published) return;
    this.update({ published: state });
    this.emit({ type: 'publish.state', state });
  }

  /** Hang-up: everything that runs is told to stop, except side effects that have begun. */
  end(): void {
    const { reply, floor } = this.state;
    if (reply.status === 'streaming') this.emit({ type: 'llm.cancel', replyId: reply.replyId });
    this.floor(floors.dropQueued(floor, () => true));
    this.floor(floors.cut(this.state.floor, 'now'));
    this.emit(
      { type: 'timer.clear', name: 'turn.endpoint' },
      { type: 'timer.clear', name: 'turn.commit' },
      { type: 'timer.clear', name: 'notice.patience' },
    );
    this.update({ phase: 'over' });
  }
}

/** A notice's key words are its first sentence ("Your task '…' is ready."), its full stop apart. */
function keyWordsEnd(notice: string): number {
  const end = notice.search(/[.?!](\s|$)/);
  return end < 0 ? notice.length : end;
}

function utteranceOf(replyId: string): string {
  return `reply-${replyId}`;
}
