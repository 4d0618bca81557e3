import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { WorkerLoad } from './workerMessage.ts';

/** Of the delay histogram's timer, ms: what is later than that is lag. */
const RESOLUTION_MS = 10;

/** Measures this process from one `read` to the next. */
export class LoadMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #utilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  read(): Omit<WorkerLoad, 'calls'> {
    const now = performance.eventLoopUtilization();
    const busy = performance.eventLoopUtilization(now, this.#utilization).utilization;
    this.#utilization = now;
    const lagMs = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
    this.#delay.reset();
    return { busy, lagMs, rssMb: process.memoryUsage.rss() / 1024 / 1024 };
  }

  close(): void {
    this.#delay.disable();
  }
}
