import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { DeliveryOutcome } from '../dispatch/dispatchObserver.ts';
import type { WebhookIntake } from '../dispatch/webhookIntake.ts';
import type { Clock } from '../time/clock.ts';
import { type BucketOptions, TokenBuckets } from './tokenBuckets.ts';

export const WEBHOOK_PATH = '/webhooks/livekit';

/** A room's and a participant's metadata and attributes, 64 KB each, and what is around them. */
const MAX_BODY_BYTES = 512 * 1024;
/** LiveKit delivers some eight events for a call, and repeats what is refused with 429. */
const RATE: BucketOptions = { burst: 2_000, perSecond: 500 };
const TYPES = ['application/webhook+json', 'application/json'];

const STATUS = {
  accepted: 200,
  duplicate: 200,
  ignored: 200,
  forged: 401,
  malformed: 400,
} as const satisfies Record<DeliveryOutcome, number>;

export interface WebhookRouteOptions {
  readonly intake: WebhookIntake;
  readonly clock: Clock;
  readonly rate?: BucketOptions;
}

/** `POST /webhooks/livekit`, where LiveKit tells what happens in its rooms. Answers before any work is done. */
export function webhookRoute({ intake, clock, rate = RATE }: WebhookRouteOptions): Hono {
  const buckets = new TokenBuckets(rate, clock);
  const app = new Hono();
  app.post(
    WEBHOOK_PATH,
    async (context, next) => {
      if (!buckets.take(getConnInfo(context).remote.address ?? ''))
        return refuse(context, 429, 'too many requests');
      if (!context.req.header('authorization')) return refuse(context, 401, 'a signature is missing');
      const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
      if (!TYPES.includes(type)) return refuse(context, 415, 'not a webhook');
      return next();
    },
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => refuse(context, 413, 'too large') }),
    async (context) => {
      // The signature covers these very bytes: they must reach the verifier untouched.
      const outcome = await intake(await context.req.text(), context.req.header('authorization'));
      return context.text(outcome, STATUS[outcome]);
    },
  );
  return app;
}

/** The body is left unread, so the connection is of no more use. */
function refuse(context: Context, status: 401 | 413 | 415 | 429, why: string): Response {
  return context.text(why, status, {
    connection: 'close',
    ...(status === 429 ? { 'retry-after': '1' } : {}),
  });
}
