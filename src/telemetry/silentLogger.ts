import type { Logger } from './log.ts';

/** For whoever does not care, tests above all. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
