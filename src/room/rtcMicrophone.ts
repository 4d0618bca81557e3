import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  type Room as RtcRoom,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import type { Microphone } from './microphone.ts';
import { withTimeout } from './withTimeout.ts';

/**
 * Milliseconds, a multiple of 10 (anything else aborts the process). A capture resolves when this much is left, so
 * with 20 ms frames at most 60 ms are ahead.
 */
const NATIVE_QUEUE_MS = 40;
const PUBLISH_TIMEOUT_MS = 10_000;
const UNPUBLISH_TIMEOUT_MS = 2000;

export interface RtcMicrophoneOptions {
  readonly room: RtcRoom;
  /** Hz. */
  readonly sampleRate: number;
  readonly clock: Clock;
}

/**
 * Publishes an audio track with source MICROPHONE (front ends look for that). Rejects with `VA_ROOM_CLOSED`; the rtc
 * room may be deaf after that, and must be left.
 */
export async function publishRtcMicrophone(options: RtcMicrophoneOptions): Promise<Microphone> {
  const { room, sampleRate, clock } = options;
  const participant = room.localParticipant;
  if (participant === undefined) throw new VoiceAgentError('VA_ROOM_CLOSED', 'The room is not connected.');
  const source = new AudioSource(sampleRate, 1, NATIVE_QUEUE_MS);
  const track = LocalAudioTrack.createAudioTrack('microphone', source);
  const publishing = participant.publishTrack(
    track,
    new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
  );
  const publication = await withTimeout(
    clock,
    PUBLISH_TIMEOUT_MS,
    publishing,
    () => new Error(`no answer within ${PUBLISH_TIMEOUT_MS / 1000} s`),
  ).catch(async (error: unknown) => {
    await track.close();
    throw new VoiceAgentError(
      'VA_ROOM_CLOSED',
      `The microphone track could not be published (${error instanceof Error ? error.message : String(error)}): check that the token grants canPublish and that the media port of LiveKit is reachable.`,
      { cause: error, retryable: true },
    );
  });
  return {
    get trackSid() {
      return publication.sid ?? '';
    },
    firstListener: publication.waitForSubscription(),
    async capture(frame) {
      await source.captureFrame(new AudioFrame(frame, sampleRate, 1, frame.length));
    },
    clearQueue: () => source.clearQueue(),
    async close() {
      try {
        if (room.isConnected && publication.sid !== undefined) {
          const unpublishing = participant.unpublishTrack(publication.sid);
          await withTimeout(clock, UNPUBLISH_TIMEOUT_MS, unpublishing, () => new Error('no answer'));
        }
      } catch {
        // The track is going away either way; the server drops it with our connection at the latest.
      }
      await track.close();
    },
  };
}
