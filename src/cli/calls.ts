import type { GoingOn } from '../app/agent.ts';
import { agentIdentity, type Venue } from '../app/venue.ts';
import { type Handover, nothingKept } from '../conversation/handover.ts';
import type { CallJob } from '../dispatch/callJob.ts';
import type { CallPlacement, PlacedCall } from '../dispatch/callPlacement.ts';
import type { CallHost, HeldCall } from '../dispatch/heldCall.ts';
import { keepCall } from '../dispatch/keepCall.ts';
import { joinLiveKitRoom } from '../room/liveKitRoom.ts';
import type { Room } from '../room/room.ts';
import type { Session, SessionEnd } from '../session/session.ts';
import { inCallScope } from '../telemetry/callScope.ts';
import type { Recorder } from '../telemetry/recorder.ts';
import { sleep } from '../time/sleep.ts';
import { conversationLog } from './conversationLog.ts';
import type { AgentProcess } from './process.ts';
import { recordCall } from './recordCall.ts';

interface Running {
  readonly room: string;
  handover: Handover | undefined;
  call: HeldCall | undefined;
}

/** The calls of this process: those that it was given here, and those that its supervisor gave it. */
export class Calls implements CallHost, CallPlacement {
  readonly #running: AgentProcess;
  readonly #venue: Venue;
  readonly #calls = new Set<Running>();
  readonly #stopping = new AbortController();
  /** Calls that an earlier process left, by the room's name: they go on when their room is joined. */
  readonly #left: Map<string, Handover>;

  constructor(running: AgentProcess, venue: Venue, left: ReadonlyMap<string, Handover> = new Map()) {
    this.#running = running;
    this.#venue = venue;
    this.#left = new Map(left);
  }

  get capacity(): number {
    return this.#running.config.calls.perWorker;
  }

  get size(): number {
    return this.#calls.size;
  }

  place(job: CallJob, signal: AbortSignal): Promise<PlacedCall> {
    const { clock, log } = this.#running;
    const left = this.#left.get(job.room) ?? (job.wasLost ? nothingKept : undefined);
    this.#left.delete(job.room);
    return keepCall(
      {
        room: job.room,
        ...(left === undefined ? {} : { resumed: left }),
        begin: ({ resumed, ...going }, until) => {
          const { join: _, ...again } = job;
          // Front ends keep a returned identity as failed, and a token holds one.
          return resumed ? this.hold(again, until, { resumed, ...going }) : this.hold(job, until, going);
        },
        clock,
        log,
        stopping: this.#stopping.signal,
      },
      signal,
    );
  }

  hold(job: CallJob, signal: AbortSignal, going: GoingOn): Promise<HeldCall> {
    let session: Session | undefined;
    const fail = (error: unknown) => void session?.fail(error);
    return inCallScope({ room: job.room, fail }, async () => {
      const { agent, log } = this.#running;
      const room = await this.#join(job, signal);
      log.info(`joined room ${room.name}`);
      const entry: Running = { room: job.room, handover: going.resumed, call: undefined };
      let recorder: Recorder | undefined;
      try {
        recorder = await this.#recorder(room.name);
        const observers = [conversationLog(log.child({ room: room.name })), ...(recorder ? [recorder] : [])];
        session = await agent.serve(room, observers, {
          ...going,
          onHandover: (handover) => {
            entry.handover = handover;
            going.onHandover?.(handover);
          },
        });
      } catch (error) {
        // An agent that stayed would be mute, and keep every other one out of the room.
        await Promise.allSettled([recorder?.close(), room.leave()]);
        throw error;
      }
      const call = held(room, session, async (end) => {
        this.#calls.delete(entry);
        await recorder?.close();
        log.info(`left room ${room.name}: ${'reason' in end ? end.reason : end.why}`);
      });
      entry.call = call;
      this.#calls.add(entry);
      if (signal.aborted) {
        await call.hangUp();
        signal.throwIfAborted();
      }
      return call;
    });
  }

  async hangUpAll(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#calls].map(({ call }) => call?.hangUp()));
  }

  /** Running calls go on for up to `limitMs`, then say goodbye; `now` ends the wait. */
  async drain(limitMs: number, now?: AbortSignal): Promise<void> {
    this.#stopping.abort();
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ...(now ? [now] : [])]);
    const all = Promise.all([...this.#calls].map(({ call }) => call?.ended)).then(() => over.abort());
    await sleep(this.#running.clock, limitMs, signal);
    await Promise.all([...this.#calls].map(({ call }) => call?.sayGoodbye()));
    await all;
  }

  /** Leaves every room without a word; what is known of the calls lets another process go on with them. */
  async handOverAll(): Promise<ReadonlyMap<string, Handover>> {
    this.#stopping.abort();
    const calls = [...this.#calls];
    await Promise.all(calls.map(({ call }) => call?.handOver()));
    return new Map(calls.flatMap(({ room, handover }) => (handover ? [[room, handover]] : [])));
  }

  #join(job: CallJob, signal: AbortSignal): Promise<Room> {
    const { clock, config, log } = this.#running;
    if (job.join) return joinLiveKitRoom({ ...job.join, roomName: job.room, clock, log, signal });
    const identity = agentIdentity(job.roomSid);
    return this.#venue.join({ room: job.room, identity, name: config.agent.name, kind: 'agent', signal });
  }

  async #recorder(room: string): Promise<Recorder | undefined> {
    if (!this.#running.config.files.recordCalls) return undefined;
    return recordCall(this.#running, `${new Date().toISOString().replaceAll(':', '-')}-${room}`);
  }
}

function held(room: Room, session: Session, after: (end: SessionEnd) => Promise<void>): HeldCall {
  const ended = session.ended.then(async (end) => {
    await after(end);
    return end;
  });
  return {
    identity: room.identity,
    ended,
    hangUp: () => session.hangUp(),
    sayGoodbye: () => session.sayGoodbye(),
    handOver: async () => {
      await session.handOver();
    },
  };
}
