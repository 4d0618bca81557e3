import { JobType, ParticipantPermission, type UpdateJobStatus, WorkerStatus } from '@livekit/protocol';
import type { LiveKitConfig } from '../config/config.ts';
import { VoiceAgentError } from '../errors.ts';
import { sleep } from '../time/sleep.ts';
import { AgentJobs, type AgentJobsOptions } from './agentJobs.ts';
import { type AgentSocket, type FromServer, openAgentSocket } from './agentSocket.ts';

/** LiveKit wants to know our load this often, ms. */
const LOAD_MS = 2_500;
/** It answers a registration at once. */
const REGISTER_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface AgentWorkerOptions extends Omit<AgentJobsOptions, 'update'> {
  readonly livekit: LiveKitConfig;
  /** Name by which a dispatch asks for us; empty: every room that asks for no agent by name. */
  readonly agentName: string;
  /** Of this program. */
  readonly version: string;
}

/** The other way to hear of rooms: as a worker of LiveKit's agent dispatch, on a connection that we open. */
export interface AgentWorker {
  start(): void;
  /** LiveKit gives us jobs at this moment. */
  readonly registered: boolean;
  /** No new jobs; running ones go on. Idempotent. */
  drain(): Promise<void>;
  /** Resolves when no job runs. */
  idle(): Promise<void>;
  /** Drains, takes running jobs back, waits for them. */
  close(): Promise<void>;
}

export function createAgentWorker(options: AgentWorkerOptions): AgentWorker {
  return new Worker(options);
}

class Worker implements AgentWorker {
  readonly #options: AgentWorkerOptions;
  readonly #jobs: AgentJobs;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #socket: AgentSocket | undefined;
  #registered = false;

  constructor(options: AgentWorkerOptions) {
    this.#options = options;
    this.#jobs = new AgentJobs({ ...options, update: (status) => this.#tell(status) });
  }

  get registered(): boolean {
    return this.#registered;
  }

  start(): void {
    this.#running = this.#run();
  }

  async drain(): Promise<void> {
    this.#jobs.drain();
    this.#report();
  }

  idle(): Promise<void> {
    return this.#jobs.idle();
  }

  async close(): Promise<void> {
    await this.drain();
    for (const id of this.#jobs.ids) this.#jobs.terminate(id);
    await this.idle();
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options;
    const signal = this.#stop.signal;
    let failures = 0;
    let trouble: string | undefined;
    while (!signal.aborted) {
      const { error, wasRegistered } = await this.#connection(signal);
      if (signal.aborted) return;
      if (wasRegistered) {
        failures = 0;
        trouble = undefined;
      }
      if (error.code !== trouble) log.warn(error.message, { code: error.code });
      trouble = error.code;
      // All workers lose a restarted server at once: they must not all be back at once.
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
      await sleep(clock, pause, signal);
    }
  }

  /** One connection, from the attempt to its end. */
  async #connection(signal: AbortSignal): Promise<{ error: VoiceAgentError; wasRegistered: boolean }> {
    const { livekit, clock } = this.#options;
    let end: (error: VoiceAgentError) => void = () => {};
    const ended = new Promise<VoiceAgentError>((resolve) => {
      end = resolve;
    });
    const over = new AbortController();
    const give = (why: string) => () => end(failed(why));
    const stop = give('stopped');
    signal.addEventListener('abort', stop);
    let wasRegistered = false;
    try {
      const socket = await openAgentSocket(
        livekit,
        {
          onEnd: end,
          onMessage: (message) => {
            if (message.case === 'register') {
              wasRegistered = true;
              late();
            }
            this.#receive(message, over.signal);
          },
        },
        clock,
      );
      this.#socket = socket;
      const late = clock.setTimer(REGISTER_MS, give('our registration was not answered'));
      this.#register(socket);
      const error = await ended;
      late();
      return { error, wasRegistered };
    } catch (error) {
      return { error: error instanceof VoiceAgentError ? error : failed(String(error)), wasRegistered };
    } finally {
      signal.removeEventListener('abort', stop);
      over.abort();
      this.#socket?.close();
      this.#socket = undefined;
      this.#registered = false;
    }
  }

  #register(socket: AgentSocket): void {
    const { agentName, version } = this.#options;
    socket.send({
      case: 'register',
      value: {
        type: JobType.JT_ROOM,
        agentName,
        version,
        allowedPermissions: new ParticipantPermission({
          canPublish: true,
          canSubscribe: true,
          canPublishData: true,
          canUpdateMetadata: true,
          agent: true,
        }),
      },
    });
  }

  #receive(message: FromServer, signal: AbortSignal): void {
    const { livekit, log, agentName } = this.#options;
    switch (message.case) {
      case 'register':
        this.#registered = true;
        log.info(`LiveKit gives us ${agentName === '' ? 'every room' : `dispatches for "${agentName}"`}`, {
          worker: message.value.workerId,
        });
        // Jobs that outlived the former connection are still ours.
        if (this.#jobs.ids.length > 0) {
          this.#socket?.send({ case: 'migrateJob', value: { jobIds: [...this.#jobs.ids] } });
        }
        void this.#keepReporting(signal);
        break;
      case 'availability':
        if (message.value.job) {
          this.#socket?.send({ case: 'availability', value: this.#jobs.answer(message.value.job) });
        }
        break;
      case 'assignment':
        this.#jobs.assigned(message.value, livekit.url);
        this.#report();
        break;
      case 'termination':
        this.#jobs.terminate(message.value.jobId);
        break;
      case 'pong':
        break;
    }
  }

  async #keepReporting(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#report();
      await sleep(this.#options.clock, LOAD_MS, signal);
    }
  }

  #report(): void {
    if (!this.#registered) return;
    const { full, load, ids } = this.#jobs;
    const status = full ? WorkerStatus.WS_FULL : WorkerStatus.WS_AVAILABLE;
    this.#socket?.send({ case: 'updateWorker', value: { status, load, jobCount: ids.length } });
  }

  #tell(status: UpdateJobStatus): void {
    this.#socket?.send({ case: 'updateJob', value: status });
    this.#report();
  }
}

function failed(why: string): VoiceAgentError {
  return new VoiceAgentError('VA_ROOM_UNREACHABLE', `LiveKit's agent dispatch failed: ${why}.`, {
    retryable: true,
  });
}
