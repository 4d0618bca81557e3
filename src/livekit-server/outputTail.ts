import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const LONGEST_LINE = 400;

export interface OutputTail {
  /** The last lines, joined; '' when nothing was said. */
  text(): string;
}

/** Remembers the last `keep` lines of a program's output and hands each line to `onLine`. */
export function outputTail(
  streams: readonly (Readable | null)[],
  keep: number,
  onLine: (line: string) => void = () => {},
): OutputTail {
  const lines: string[] = [];
  for (const stream of streams) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() === '') return;
      lines.push(line.slice(0, LONGEST_LINE));
      if (lines.length > keep) lines.shift();
      onLine(line);
    });
  }
  return { text: () => lines.join('\n') };
}
