import { z } from 'zod';

/** What the bench says to its callers' process. */
const toCallers = z.discriminatedUnion('type', [
  /** One more person, in a room of their own; answered by `joined`. */
  z.object({ type: z.literal('join'), room: z.string() }),
  /** Begins to count anew. */
  z.object({ type: z.literal('reset') }),
  /** Answered by `measured`. */
  z.object({ type: z.literal('measure') }),
  z.object({ type: z.literal('leave') }),
]);

/** What the callers, and the vendors, say to the bench. Times are milliseconds since 1970. */
const fromChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), origin: z.string() }),
  z.object({ type: z.literal('joined'), room: z.string() }),
  /** An agent has come into this room. */
  z.object({ type: z.literal('agentJoined'), room: z.string(), at: z.number() }),
  z.object({ type: z.literal('agentLeft'), room: z.string(), at: z.number() }),
  /** The agent's first audible sample. */
  z.object({ type: z.literal('firstSample'), room: z.string(), at: z.number() }),
  z.object({
    type: z.literal('measured'),
    /** By how much each frame of the agent's audio was late, ms: of all callers together. */
    latenessMs: z.array(z.number()),
    /** How late the callers' own timers were, p99: frames cannot be seen on time by a process that stands still, ms. */
    ownLagMs: z.number(),
    /** Holes of silence inside the agent's speech, and how much of it was heard, ms. */
    holes: z.number(),
    speechMs: z.number(),
    /** Questions of the callers that are not too young to be answered, and how often the agent answered. */
    asked: z.number(),
    answered: z.number(),
  }),
]);

export type ToCallers = z.infer<typeof toCallers>;
export type FromChild = z.infer<typeof fromChild>;

export const readToCallers = (message: unknown): ToCallers => toCallers.parse(message);
export const readFromChild = (message: unknown): FromChild => fromChild.parse(message);
