import type { Logger } from '../../src/telemetry/log.ts';

/** A logger that keeps its lines, without their fields. */
export function createLinesLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const add = (line: string) => {
    lines.push(line);
  };
  const logger = { debug: add, info: add, warn: add, error: add, child: (): Logger => logger, lines };
  return logger;
}
