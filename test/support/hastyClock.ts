import type { Clock } from '../../src/time/clock.ts';

/** Real time with short waits: a hundredth of what is asked. For adapters that talk to a real socket. */
export const hastyClock: Clock = {
  now: () => performance.now() * 100,
  setTimer(ms, fn) {
    const timer = setTimeout(fn, ms / 100);
    return () => clearTimeout(timer);
  },
};
