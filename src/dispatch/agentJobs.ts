import {
  AvailabilityResponse,
  type Job,
  type JobAssignment,
  JobStatus,
  JobType,
  UpdateJobStatus,
} from '@livekit/protocol';
import { agentIdentity } from '../app/venue.ts';
import type { RoomRules } from '../config/config.ts';
import type { RoomDirectory } from '../room/roomDirectory.ts';
import type { RoomLog } from '../room/roomLog.ts';
import { ATTRIBUTE } from '../room/topics.ts';
import type { Clock } from '../time/clock.ts';
import { sleep } from '../time/sleep.ts';
import type { CallPlacement, PlacedCall } from './callPlacement.ts';
import type { DispatchObserver } from './dispatchObserver.ts';
import { retryDelay } from './retryLater.ts';
import { admits } from './roomRules.ts';

/** LiveKit assigns within 10 s of our answer, or the job goes to somebody else, ms. */
const ASSIGNMENT_MS = 12_000;
/** A job comes when its room is made, a moment before LiveKit lists the person who made it; looks get rarer, ms. */
const FIRST_LOOK_MS = 25;
const LOOK_MS = 500;
const JOINS = 4;

/** One job from the offer to its end. Each takes a place of our capacity. */
type Entry =
  | { readonly status: 'offered'; readonly cancel: () => void }
  | { readonly status: 'assigned'; readonly abort: AbortController }
  | { readonly status: 'running'; readonly call: PlacedCall };

export interface AgentJobsOptions {
  /** Which rooms we accept when LiveKit offers every room; an explicit dispatch is always meant for us. */
  readonly rooms: RoomRules;
  /** Shown in the room. */
  readonly displayName: string;
  readonly placement: CallPlacement;
  readonly directory: RoomDirectory;
  readonly clock: Clock;
  readonly log: RoomLog;
  readonly observer?: DispatchObserver;
  /** Tells LiveKit how a job stands. */
  readonly update: (status: UpdateJobStatus) => void;
}

/** The jobs that LiveKit's own dispatch gives us. It sees to it that each is given to one worker only. */
export class AgentJobs {
  readonly #options: AgentJobsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #work = new Set<Promise<void>>();
  #draining = false;

  constructor(options: AgentJobsOptions) {
    this.#options = options;
  }

  /** Jobs that are not over. */
  get ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  get full(): boolean {
    return this.#draining || this.#entries.size >= this.#options.placement.capacity;
  }

  /** Part of our capacity that is taken, 0 to 1. */
  get load(): number {
    const { capacity } = this.#options.placement;
    return capacity > 0 ? Math.min(1, this.#entries.size / capacity) : 1;
  }

  answer(job: Job): AvailabilityResponse {
    const { displayName, clock } = this.#options;
    const known = this.#entries.has(job.id);
    if (known || this.full || !this.#wants(job)) {
      return new AvailabilityResponse({ jobId: job.id, available: false });
    }
    const cancel = clock.setTimer(ASSIGNMENT_MS, () => this.#entries.delete(job.id));
    this.#entries.set(job.id, { status: 'offered', cancel });
    return new AvailabilityResponse({
      jobId: job.id,
      available: true,
      participantIdentity: agentIdentity(job.room?.sid),
      participantName: displayName,
      participantAttributes: { [ATTRIBUTE.agentState]: 'initializing' },
    });
  }

  /** `url`: where to join when the assignment does not say. */
  assigned({ job, token, url }: JobAssignment, usualUrl: string): void {
    if (job?.room === undefined) return;
    const offered = this.#entries.get(job.id);
    if (offered?.status === 'offered') offered.cancel();
    else if (offered !== undefined) return;
    const abort = new AbortController();
    this.#entries.set(job.id, { status: 'assigned', abort });
    const work = this.#hold(job, { url: url || usualUrl, token }, abort.signal).finally(() => {
      this.#entries.delete(job.id);
      this.#work.delete(work);
    });
    this.#work.add(work);
  }

  terminate(jobId: string): void {
    const entry = this.#entries.get(jobId);
    if (entry?.status === 'assigned') entry.abort.abort();
    if (entry?.status === 'running') void entry.call.hangUp();
  }

  drain(): void {
    this.#draining = true;
  }

  /** Resolves when no job is left. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #wants({ type, room, agentName }: Job): boolean {
    if (type !== JobType.JT_ROOM || room === undefined) return false;
    return agentName !== '' || admits(this.#options.rooms, room);
  }

  async #hold(job: Job, join: { url: string; token: string }, signal: AbortSignal): Promise<void> {
    const { update, log, observer } = this.#options;
    const tell = (status: JobStatus, error = '') =>
      update(new UpdateJobStatus({ jobId: job.id, status, error }));
    tell(JobStatus.JS_RUNNING);
    try {
      if (await this.#somebodyComes(job, signal)) {
        const call = await this.#place(job, join, signal);
        this.#entries.set(job.id, { status: 'running', call });
        if (signal.aborted) void call.hangUp();
        const end = await call.ended;
        observer?.ended?.(end.why);
        if (end.why === 'failed' || end.why === 'lost' || end.why === 'givenUp') throw new Error(end.reason);
      }
      tell(JobStatus.JS_SUCCESS);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      tell(signal.aborted ? JobStatus.JS_SUCCESS : JobStatus.JS_FAILED, signal.aborted ? '' : said);
      if (!signal.aborted) log.warn('A job of LiveKit failed', { room: job.room?.name, error });
    }
  }

  /** False: the room ended, or the job was taken back, before anybody came. */
  async #somebodyComes({ room }: Job, signal: AbortSignal): Promise<boolean> {
    const { directory, clock, log } = this.#options;
    for (let pause = FIRST_LOOK_MS; !signal.aborted; pause = Math.min(pause * 2, LOOK_MS)) {
      try {
        const listed = await directory.look(room?.name ?? '');
        if (listed?.sid !== room?.sid) return false;
        if (listed?.participants.some(({ kind }) => kind === 'person')) return true;
      } catch (error) {
        log.debug('a room could not be looked at', { room: room?.name, error });
      }
      await sleep(clock, pause, signal);
    }
    return false;
  }

  async #place(job: Job, join: { url: string; token: string }, signal: AbortSignal): Promise<PlacedCall> {
    const { placement, observer, clock, log } = this.#options;
    const requestedAt = Date.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const call = await placement.place(
          {
            room: job.room?.name ?? '',
            ...(job.room?.sid ? { roomSid: job.room.sid } : {}),
            metadata: job.metadata || (job.room?.metadata ?? ''),
            source: 'worker',
            join,
            requestedAt,
          },
          signal,
        );
        observer?.placed?.('worker', Date.now() - requestedAt);
        return call;
      } catch (error) {
        observer?.notPlaced?.('worker');
        if (signal.aborted || attempt === JOINS) throw error;
        log.warn('No agent could join the room', { room: job.room?.name, error });
        await sleep(clock, retryDelay(attempt, error), signal);
      }
    }
  }
}
