import {
  type RemoteParticipant,
  type RemoteTrackPublication,
  RoomEvent,
  type Room as RtcRoom,
  type TextStreamReader,
  TrackKind,
  TrackSource,
} from '@livekit/rtc-node';
import type { Clock } from '../time/clock.ts';
import { closeReason } from './closeReason.ts';
import { departureGrace } from './departureGrace.ts';
import { Hearing } from './hearing.ts';
import { hears } from './hears.ts';
import { legacyChatText } from './legacyChatText.ts';
import { Membership } from './membership.ts';
import { participantKind } from './participantKind.ts';
import type { ParticipantKind, RoomParticipant } from './room.ts';
import type { RoomEmitter } from './roomEmitter.ts';
import type { RoomLog } from './roomLog.ts';
import { ATTRIBUTE, TOPIC } from './topics.ts';
import { TranscriptReceiver } from './transcriptReceiver.ts';

export interface LiveKitInboxOptions {
  readonly rtc: RtcRoom;
  readonly clock: Clock;
  readonly log: RoomLog;
  readonly emitter: RoomEmitter;
  /** The server or the network ended the membership. */
  readonly onDisconnected: (reason: string) => void;
  /** After a reconnect; the server may have forgotten what we told it. */
  readonly onReconnected: () => void;
  /** A person has a new connection, also by reloading a page, of which the room's listeners hear nothing. */
  readonly onPersonConnected: () => void;
  /** Our own attributes, as the server tells them to everybody. */
  readonly onOwnAttributes: (attributes: Readonly<Record<string, string>>) => void;
}

/** Everything that a LiveKit room tells us, turned into room events. Attached before connecting, so nothing is missed. */
export class LiveKitInbox {
  readonly #options: LiveKitInboxOptions;
  readonly #members: Membership;
  readonly #hearing: Hearing;
  readonly #transcripts: TranscriptReceiver;
  /** Identity → the agent state that was last reported. */
  readonly #states = new Map<string, string>();
  #connection: 'up' | 'reconnecting' | 'over' = 'up';

  constructor(options: LiveKitInboxOptions) {
    const { clock, log, emitter } = options;
    this.#options = options;
    this.#members = new Membership({
      clock,
      reconnecting: () => this.#connection === 'reconnecting',
      onJoined: (participant) => emitter.emit('participantJoined', participant),
      onLeft: (participant) => {
        this.#states.delete(participant.identity);
        emitter.emit('participantLeft', participant);
      },
    });
    this.#hearing = new Hearing({
      log,
      onFrame: (frame, identity) => {
        const from = this.#members.get(identity);
        if (from !== undefined) emitter.emit('audio', frame, from);
      },
    });
    this.#transcripts = new TranscriptReceiver((update) => emitter.emit('transcript', update));
    this.#attach();
  }

  get participants(): readonly RoomParticipant[] {
    return this.#members.list();
  }

  /** Once, after connecting: those who were there before us cause no events of their own. */
  walk(): void {
    for (const participant of this.#options.rtc.remoteParticipants.values()) {
      this.#arrived(participant);
      for (const publication of participant.trackPublications.values()) {
        this.#declineUnheard(publication, participant);
        if (publication.track !== undefined) this.#heard(publication, participant);
      }
    }
  }

  /** Events that are still on their way are ignored from now on: their tracks may be gone already. */
  close(): void {
    this.#connection = 'over';
    this.#hearing.closeAll();
    this.#members.close();
  }

  #attach(): void {
    const { rtc, emitter } = this.#options;
    rtc.on(
      RoomEvent.ParticipantConnected,
      this.#guarded((participant) => this.#arrived(participant)),
    );
    rtc.on(
      RoomEvent.ParticipantDisconnected,
      this.#guarded((participant) => this.#departed(participant)),
    );
    rtc.on(
      RoomEvent.ParticipantNameChanged,
      this.#guarded((_name, participant) => {
        if (this.#members.get(participant.identity) !== undefined) this.#arrived(participant);
      }),
    );
    rtc.on(
      RoomEvent.ParticipantAttributesChanged,
      this.#guarded((_changed, participant) => {
        if (participant.identity !== rtc.localParticipant?.identity) this.#stateOf(participant);
        else this.#options.onOwnAttributes(participant.attributes);
      }),
    );
    rtc.on(
      RoomEvent.TrackPublished,
      this.#guarded((publication, participant) => this.#declineUnheard(publication, participant)),
    );
    rtc.on(
      RoomEvent.TrackSubscribed,
      this.#guarded((_track, publication, participant) => this.#heard(publication, participant)),
    );
    rtc.on(
      RoomEvent.DataReceived,
      this.#guarded((payload, participant, _kind, topic) => {
        if (topic !== TOPIC.legacyChat || participant === undefined) return;
        void this.#chat(legacyChatText(payload), participant.identity);
      }),
    );
    rtc.on(
      RoomEvent.Reconnecting,
      this.#guarded(() => {
        this.#connection = 'reconnecting';
        emitter.emit('reconnecting');
      }),
    );
    rtc.on(
      RoomEvent.Reconnected,
      this.#guarded(() => {
        this.#connection = 'up';
        this.#options.onReconnected();
        emitter.emit('reconnected');
      }),
    );
    rtc.on(
      RoomEvent.Disconnected,
      this.#guarded((reason) => this.#options.onDisconnected(closeReason(reason))),
    );
    this.#onText(TOPIC.chat, async (reader, identity) => this.#chat(await reader.readAll(), identity));
    this.#onText(TOPIC.transcription, async (reader, identity) => {
      const speaker = (await this.#kindOf(identity)) === 'agent' ? 'agent' : 'user';
      await this.#transcripts.receive(reader, speaker, identity);
    });
  }

  /** A throw in a handler would become an unhandled rejection, and end the process with every call in it. */
  #guarded<A extends unknown[]>(handler: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      if (this.#connection === 'over') return;
      try {
        handler(...args);
      } catch (error) {
        this.#options.log.warn('a room event could not be handled', { error });
      }
    };
  }

  #onText(topic: string, handler: (reader: TextStreamReader, identity: string) => Promise<void>): void {
    this.#options.rtc.registerTextStreamHandler(topic, (reader, { identity }) => {
      handler(reader, identity).catch((error: unknown) => {
        this.#options.log.debug('a text stream broke off', { error, topic });
        void reader.close();
      });
    });
  }

  #arrived(participant: Pick<RemoteParticipant, 'identity' | 'sid' | 'name' | 'kind' | 'attributes'>): void {
    const { identity, sid = '', name = '' } = participant;
    const kind = participantKind(participant.kind);
    const before = this.#members.get(identity);
    this.#members.arrived({ identity, sid, name, kind });
    this.#stateOf(participant);
    if (kind === 'person' && before?.sid !== sid) this.#options.onPersonConnected();
  }

  #departed(participant: RemoteParticipant): void {
    const { identity, sid = '' } = participant;
    this.#hearing.close(identity);
    this.#members.departed(identity, sid, departureGrace(participant.disconnectReason));
  }

  #stateOf(participant: Pick<RemoteParticipant, 'identity' | 'attributes'>): void {
    const from = this.#members.get(participant.identity);
    const state = participant.attributes[ATTRIBUTE.agentState];
    if (from === undefined || state === undefined || this.#states.get(from.identity) === state) return;
    this.#states.set(from.identity, state);
    this.#options.emitter.emit('agentState', state, from);
  }

  #heard(publication: RemoteTrackPublication, participant: RemoteParticipant): void {
    if (publication.track === undefined || !this.#wants(publication, participant)) return;
    this.#hearing.open(publication.track, participant.identity);
  }

  /** Everything is subscribed automatically, the fastest way to the audio; video and shared sound are declined. */
  #declineUnheard(publication: RemoteTrackPublication, participant: RemoteParticipant): void {
    if (!this.#wants(publication, participant)) publication.setSubscribed(false);
  }

  #wants(publication: RemoteTrackPublication, participant: RemoteParticipant): boolean {
    const own = this.#options.rtc.localParticipant;
    return (
      publication.kind === TrackKind.KIND_AUDIO &&
      publication.source !== TrackSource.SOURCE_SCREENSHARE_AUDIO &&
      own !== undefined &&
      hears(participantKind(own.kind), participantKind(participant.kind))
    );
  }

  async #kindOf(identity: string): Promise<ParticipantKind | undefined> {
    const own = this.#options.rtc.localParticipant;
    if (own?.identity === identity) return participantKind(own.kind);
    return (await this.#members.known(identity))?.kind;
  }

  /** Never rejects. */
  async #chat(text: string | undefined, identity: string): Promise<void> {
    if (text === undefined || text.trim() === '') return;
    const from = await this.#members.known(identity);
    if (from !== undefined) this.#options.emitter.emit('chat', text, from);
  }
}
