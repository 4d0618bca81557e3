import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * rtc-node writes JSON lines of its own to stdout, at debug level, into whatever the terminal shows. It exports no
 * switch, so its logger is taken from beside its entry point; where that has moved, its lines simply stay.
 */
export function quietRtcLog(): void {
  const require = createRequire(import.meta.url);
  try {
    const loaded: unknown = require(join(dirname(require.resolve('@livekit/rtc-node')), 'log.cjs'));
    if (hasLog(loaded)) loaded.log.level = 'fatal';
  } catch {
    // Cosmetic only.
  }
}

function hasLog(value: unknown): value is { log: { level: string } } {
  if (typeof value !== 'object' || value === null || !('log' in value)) return false;
  const { log } = value;
  return typeof log === 'object' && log !== null && 'level' in log;
}
