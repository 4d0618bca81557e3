import { type WebhookEvent, WebhookReceiver } from 'livekit-server-sdk';
import type { RoomRules } from '../config/config.ts';
import type { RoomLog } from '../room/roomLog.ts';
import type { RoomJob } from './callJob.ts';
import type { DispatchMemory } from './dispatchMemory.ts';
import type { DeliveryOutcome, DispatchObserver } from './dispatchObserver.ts';
import type { JobQueue } from './jobQueue.ts';
import { roomOfEvent } from './roomOfEvent.ts';
import { admitsName } from './roomRules.ts';

/** LiveKit gives up on a delivery after 30 s and four retries; ids are kept longer than that and its clock's error. */
const REMEMBER_MS = 15 * 60_000;
/** Difference between the two machines' clocks that is forgiven, s. */
const CLOCK_TOLERANCE_S = 60;

/**
 * Takes deliveries of LiveKit's webhooks. `body` is exactly what was sent, `authorization` the header. Resolves as soon
 * as it is known what the delivery is worth; the work follows on its own, so that LiveKit never waits. Never rejects.
 */
export type WebhookIntake = (body: string, authorization: string | undefined) => Promise<DeliveryOutcome>;

export interface WebhookIntakeOptions {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly rooms: RoomRules;
  readonly queue: JobQueue;
  readonly memory: DispatchMemory;
  readonly log: RoomLog;
  readonly observer?: DispatchObserver;
}

/**
 * A webhook is only a hint that a room may need an agent: whether it does is asked of LiveKit when the job runs. So
 * late, reordered and repeated events change nothing, and repeated ids are dropped early to spare that question.
 */
export function createWebhookIntake(options: WebhookIntakeOptions): WebhookIntake {
  const { rooms, queue, memory, log, observer } = options;
  const receiver = new WebhookReceiver(options.apiKey, options.apiSecret);
  const follow = async (event: WebhookEvent, job: RoomJob) => {
    try {
      if (event.id !== '' && !(await isNew(event.id))) observer?.delivered?.('duplicate');
      else {
        observer?.delivered?.('accepted');
        await queue.add(job);
      }
    } catch (error) {
      log.warn('a webhook could not be followed: the next look at the room list makes up for it', {
        room: job.room,
        error,
      });
    }
  };
  /** Without the shared memory nothing worse happens than that a room is looked at twice. */
  const isNew = (id: string) => memory.first(`webhook:${id}`, REMEMBER_MS).catch(() => true);

  return async (body, authorization) => {
    const event = await receive(receiver, body, authorization);
    if (typeof event === 'string') {
      observer?.delivered?.(event);
      return event;
    }
    const job = roomOfEvent(event, Date.now());
    if (job === undefined || !admitsName(rooms, job.room)) {
      observer?.delivered?.('ignored');
      return 'ignored';
    }
    void follow(event, job);
    return 'accepted';
  };
}

async function receive(
  receiver: WebhookReceiver,
  body: string,
  authorization: string | undefined,
): Promise<WebhookEvent | 'forged' | 'malformed'> {
  try {
    return await receiver.receive(body, authorization, false, CLOCK_TOLERANCE_S);
  } catch (error) {
    // A body that is signed but cannot be read comes from LiveKit itself, in a version that we do not know.
    return error instanceof SyntaxError || isUnreadable(error) ? 'malformed' : 'forged';
  }
}

/** What the protobuf reader throws; the signature was checked before it ran. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && /cannot decode .* from JSON/i.test(error.message);
}
