import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DispatchObserver } from '../dispatch/dispatchObserver.ts';

/** Seconds; a caller notices from about half a second on. */
const JOIN_BUCKETS = [0.1, 0.2, 0.3, 0.45, 0.6, 1, 2, 5, 10, 30];

export interface Metrics {
  /** Where other parts register theirs. */
  readonly registry: Registry;
  /** What dispatch tells of itself becomes metrics. */
  readonly dispatch: DispatchObserver;
  readonly contentType: string;
  text(): Promise<string>;
}

/** How a process that holds calls fares. */
export interface WorkerFigures {
  readonly pid: number | undefined;
  readonly calls: number;
  readonly lagMs: number;
  /** Share of the time in which its main thread was at work, 0 to 1. */
  readonly busy: number;
  readonly rssMb: number;
}

export interface MetricsOptions {
  /** For calls as things stand, the taken ones included. */
  readonly places: () => number;
  /** Processes beside this one that hold calls. */
  readonly workers?: () => readonly WorkerFigures[];
}

/** What Prometheus is told. Names start with `voice_agent_`; Node's own metrics are there too. */
export function createMetrics({ places, workers = () => [] }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const deliveries = new Counter({
    name: 'voice_agent_webhook_deliveries_total',
    help: 'Webhook deliveries, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  const joins = new Histogram({
    name: 'voice_agent_join_seconds',
    help: 'From the moment a room asked for an agent until its track was published',
    labelNames: ['source'],
    buckets: JOIN_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'voice_agent_join_failures_total',
    help: 'Calls that could not be begun',
    labelNames: ['source'],
    registers,
  });
  const ends = new Counter({
    name: 'voice_agent_calls_ended_total',
    help: 'Calls that are over, by why',
    labelNames: ['why'],
    registers,
  });
  const missed = new Counter({
    name: 'voice_agent_missed_rooms_total',
    help: 'Rooms that the look at the room list found before any webhook told of them',
    registers,
  });
  let running = 0;
  loadGauges(registers, () => running, places);
  workerGauges(registers, workers);
  return {
    registry,
    dispatch: {
      delivered: (outcome) => deliveries.inc({ outcome }),
      placed(source, waitedMs) {
        running++;
        joins.observe({ source }, waitedMs / 1000);
      },
      notPlaced: (source) => failures.inc({ source }),
      ended(why) {
        running--;
        ends.inc({ why });
      },
      missed: () => missed.inc(),
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

/** What an autoscaler looks at. */
function loadGauges(registers: Registry[], running: () => number, places: () => number): void {
  new Gauge({
    name: 'voice_agent_calls',
    help: 'Calls that run now',
    registers,
    collect() {
      this.set(running());
    },
  });
  new Gauge({
    name: 'voice_agent_load',
    help: 'Part of the places for calls that is taken, 0 to 1; a worker too busy for more has none left',
    registers,
    collect() {
      this.set(places() > 0 ? Math.min(1, running() / places()) : 1);
    },
  });
}

function workerGauges(registers: Registry[], workers: () => readonly WorkerFigures[]): void {
  const gauge = (name: string, help: string, value: (worker: WorkerFigures) => number) =>
    new Gauge({
      name: `voice_agent_worker_${name}`,
      help,
      labelNames: ['pid'],
      registers,
      collect() {
        this.reset();
        for (const worker of workers()) this.set({ pid: String(worker.pid) }, value(worker));
      },
    });
  gauge('calls', 'Calls of a worker process', ({ calls }) => calls);
  gauge('lag_seconds', 'How late timers of a worker process are', ({ lagMs }) => lagMs / 1000);
  gauge('busy', "Share of the time in which a worker's main thread is at work", ({ busy }) => busy);
  gauge('memory_bytes', 'Resident memory of a worker process', ({ rssMb }) => rssMb * 1024 * 1024);
}
