import { readFileSync } from 'node:fs';

export interface WireExchange {
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly request?: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TimelineEntry {
  readonly ms: number;
  readonly status: string;
  readonly counts?: { readonly total: number; readonly completed: number; readonly failed: number };
}

interface Recording {
  readonly timelines: Readonly<Record<string, readonly TimelineEntry[]>>;
  readonly wire: readonly WireExchange[];
}

/** Exchanges with a real server; ids and times are of that run. */
export const recording: Recording = JSON.parse(
  readFileSync(new URL('./recording.json', import.meta.url), 'utf8'),
);
