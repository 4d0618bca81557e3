import { randomBytes } from 'node:crypto';
import { type LocalParticipant, Room as RtcRoom } from '@livekit/rtc-node';
import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import type { AudioOutput } from './audioOutput.ts';
import { joinError } from './joinError.ts';
import { LiveKitInbox } from './liveKitInbox.ts';
import { LiveKitOutput } from './liveKitOutput.ts';
import { OwnAttributes } from './ownAttributes.ts';
import { ownEventsOnly } from './ownEventsOnly.ts';
import { releaseRtcListener } from './releaseRtcListener.ts';
import type { AgentState, Room, RoomEvents, RoomParticipant, TranscriptUpdate } from './room.ts';
import { RoomEmitter } from './roomEmitter.ts';
import type { RoomLog } from './roomLog.ts';
import { publishRtcMicrophone } from './rtcMicrophone.ts';
import { TOPIC } from './topics.ts';
import { TranscriptSender } from './transcriptSender.ts';
import { withTimeout } from './withTimeout.ts';

/** rtc-node gives up on a signal connection after 5 s and tries twice; the media connection comes on top. */
const CONNECT_TIMEOUT_MS = 25_000;
/** How long leaving waits for the server, and for transcript lines that are still on their way. */
const LEAVE_TIMEOUT_MS = 3000;
const LAST_LINES_MS = 500;
/** A typed message or a transcript line longer than this (bytes) is refused. */
const MAX_TEXT_BYTES = 1_000_000;

export interface LiveKitMemberOptions {
  readonly url: string;
  readonly token: string;
  readonly roomName: string;
  /** Hz. */
  readonly outputRate: number;
  readonly log: RoomLog;
  readonly clock: Clock;
}

type State =
  | { readonly status: 'new' }
  | { readonly status: 'joined'; readonly output: LiveKitOutput }
  /** `freed` settles when nothing is left running; the output refuses every further write. */
  | { readonly status: 'over'; readonly freed: Promise<void>; readonly output: LiveKitOutput | undefined };

/** Our membership of a LiveKit room, over rtc-node. `join` once, before anything else. */
export class LiveKitMember implements Room {
  readonly #options: LiveKitMemberOptions;
  readonly #rtc = new RtcRoom();
  readonly #emitter: RoomEmitter;
  readonly #inbox: LiveKitInbox;
  readonly #attributes: OwnAttributes;
  readonly #transcripts: TranscriptSender;
  #connecting: Promise<void> = Promise.resolve();
  #state: State = { status: 'new' };

  constructor(options: LiveKitMemberOptions) {
    const { log, clock } = options;
    this.#options = options;
    ownEventsOnly(this.#rtc);
    this.#emitter = new RoomEmitter(log);
    this.#attributes = new OwnAttributes({
      set: async (attributes) => this.#own().setAttributes(attributes),
      clock,
      log,
    });
    this.#transcripts = new TranscriptSender({
      openStream: (stream) => this.#own().streamText(stream),
      trackSid: () => (this.#state.status === 'joined' ? this.#state.output.trackSid : ''),
      // Not our SID: that changes at a full reconnect, in the middle of a line.
      membership: randomBytes(6).toString('hex'),
      log,
    });
    this.#inbox = new LiveKitInbox({
      rtc: this.#rtc,
      clock,
      log,
      emitter: this.#emitter,
      onDisconnected: (reason) => this.#close(reason),
      onReconnected: () => void this.#attributes.resend(),
      onPersonConnected: () => this.#attributes.personArrived(),
      onOwnAttributes: (attributes) => this.#attributes.changed(attributes),
    });
  }

  async join(): Promise<void> {
    const { url, token, clock, outputRate, log } = this.#options;
    this.#connecting = this.#rtc.connect(url, token, {
      autoSubscribe: true,
      dynacast: false,
      dataStream: { maxPayloadByteLength: MAX_TEXT_BYTES },
    });
    try {
      const late = () => new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`);
      await withTimeout(clock, CONNECT_TIMEOUT_MS, this.#connecting, late);
    } catch (error) {
      throw joinError(error, url);
    }
    const publish = () => publishRtcMicrophone({ room: this.#rtc, sampleRate: outputRate, clock });
    const microphone = await publish();
    if (this.#state.status !== 'new') {
      await microphone.close();
      throw closed();
    }
    const output = new LiveKitOutput({
      sampleRate: outputRate,
      clock,
      log,
      microphone,
      rebuild: publish,
      onLost: (error) => {
        log.warn('the audio track is lost', { error });
        this.#close('the audio track could not be published again');
      },
    });
    this.#state = { status: 'joined', output };
    this.#inbox.walk();
  }

  get name(): string {
    return this.#rtc.name ?? this.#options.roomName;
  }

  get identity(): string {
    return this.#rtc.localParticipant?.identity ?? '';
  }

  get participants(): readonly RoomParticipant[] {
    return this.#inbox.participants;
  }

  get output(): AudioOutput {
    if (this.#state.status === 'new' || this.#state.output === undefined) throw closed();
    return this.#state.output;
  }

  on<E extends keyof RoomEvents>(event: E, listener: (...args: RoomEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  publishState(state: AgentState): Promise<void> {
    return this.#attributes.publishState(state);
  }

  publishTranscript(update: TranscriptUpdate): Promise<void> {
    return this.#transcripts.publish(update);
  }

  async sendChat(text: string): Promise<void> {
    await this.#own().sendText(text, { topic: TOPIC.chat });
  }

  leave(): Promise<void> {
    if (this.#state.status === 'over') return this.#state.freed;
    return this.#end();
  }

  #own(): LocalParticipant {
    const participant = this.#rtc.localParticipant;
    if (participant === undefined || !this.#rtc.isConnected) throw closed();
    return participant;
  }

  /** The other side ended it. */
  #close(reason: string): void {
    if (this.#state.status === 'over') return;
    void this.#end();
    this.#emitter.emit('closed', reason);
  }

  #end(): Promise<void> {
    const output = this.#state.status === 'joined' ? this.#state.output : undefined;
    const freed = this.#free(output).catch((error: unknown) => {
      this.#options.log.warn('a room was not left cleanly', { error });
    });
    this.#state = { status: 'over', freed, output };
    return freed;
  }

  /** Rooms are disconnected before their sources are closed; the other order aborts the process now and then. */
  async #free(output: LiveKitOutput | undefined): Promise<void> {
    const { clock, log } = this.#options;
    this.#inbox.close();
    this.#attributes.close();
    const late = () => new Error('no answer from the server');
    if (this.#rtc.isConnected) {
      await withTimeout(clock, LAST_LINES_MS, this.#transcripts.close(), late).catch(() => {});
      await withTimeout(clock, LEAVE_TIMEOUT_MS, this.#rtc.disconnect(), late).catch((error: unknown) => {
        log.debug('the server did not confirm that we left', { error });
      });
    } else {
      // A connect cannot be cancelled: should it still succeed, it is undone.
      void this.#connecting.then(() => this.#rtc.disconnect()).catch(() => {});
    }
    await output?.close();
    releaseRtcListener(this.#rtc);
  }
}

function closed(): VoiceAgentError {
  return new VoiceAgentError('VA_ROOM_CLOSED', 'The room is closed: join it again to go on.');
}
