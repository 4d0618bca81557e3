import type { Lane } from './lane.ts';

/** What the agent's ears made of the caller's sounds between two moments: local looks by ms of speech, and the vendor's words. */
export function looksOf({ log }: Lane, fromMs: number, toMs: number): string {
  const local = log
    .events('user.heard', fromMs, toMs)
    .map(({ at, text, ms }) => ({ at, said: `${ms.toFixed(0)}:${text ?? '?'}` }));
  const vendor = log
    .events('stt.committed', fromMs, toMs)
    .map(({ at, text }) => ({ at, said: `vendor:${text}` }));
  return [...local, ...vendor]
    .sort((a, b) => a.at - b.at)
    .map(({ said }) => said)
    .join(' | ');
}
