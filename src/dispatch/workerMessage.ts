import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { CallEnd } from './callPlacement.ts';
import { handoverSchema, handoverUpdate } from './handoverUpdate.ts';

const callId = z.number().int();

const errorCode = z.custom<ErrorCode>((code) => typeof code === 'string' && code.startsWith('VA_'));

const callJob = z.object({
  room: z.string(),
  roomSid: z.string().exactOptional(),
  metadata: z.string().exactOptional(),
  source: z.enum(['webhook', 'reconciler', 'worker', 'cli']),
  join: z.object({ url: z.string(), token: z.string() }).exactOptional(),
  requestedAt: z.number(),
});

const callEnd = z.discriminatedUnion('why', [
  z.object({ why: z.enum(['alone', 'hungUp', 'handedOver']) }),
  z.object({ why: z.enum(['closed', 'failed', 'lost', 'givenUp']), reason: z.string() }),
]) satisfies z.ZodType<CallEnd>;

/** What the supervisor says to a call worker. */
const toWorker = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begin'),
    callId,
    job: callJob,
    resumed: handoverSchema.exactOptional(),
  }),
  z.object({ type: z.literal('hangUp'), callId }),
  /** No new calls; the process ends with its last one. What still runs after `limitMs` ends as `rest` says. */
  z.object({ type: z.literal('drain'), limitMs: z.number(), rest: z.enum(['goodbye', 'handOver']) }),
]);

/** How a worker fares. */
const workerLoad = z.object({
  calls: z.number(),
  /** How late timers were, at worst but for one in a hundred, since the last report: ms. */
  lagMs: z.number(),
  /** Share of the time in which the main thread was at work, 0 to 1. */
  busy: z.number(),
  rssMb: z.number(),
});

/** What a call worker says to the supervisor. */
const fromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** Sent twice a second: also the sign of life. */
  z.object({ type: z.literal('load'), load: workerLoad }),
  /** Something broke: it takes no more calls, hands its own over, and ends. */
  z.object({ type: z.literal('leaving') }),
  /** Our track is published. */
  z.object({ type: z.literal('begun'), callId, identity: z.string() }),
  z.object({
    type: z.literal('refused'),
    callId,
    code: errorCode,
    message: z.string(),
    retryable: z.boolean(),
  }),
  z.object({ type: z.literal('handover'), callId, update: handoverUpdate }),
  z.object({ type: z.literal('ended'), callId, end: callEnd }),
]);

export type ToWorker = z.infer<typeof toWorker>;
export type FromWorker = z.infer<typeof fromWorker>;
export type WorkerLoad = z.infer<typeof workerLoad>;

/** Throws a `ZodError` when it is none. */
export const readToWorker = (message: unknown): ToWorker => toWorker.parse(message);
export const readFromWorker = (message: unknown): FromWorker => fromWorker.parse(message);
