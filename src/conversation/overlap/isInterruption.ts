import { type Evidence, FEATURES } from './evidence.ts';
import { ENDED, GOING_ON } from './weights.ts';

/** Cutting off a listener's "mm-hmm" is worse than hearing one look more: how sure we have to be. */
const SURE = { goingOn: 1.5, ended: 1.5 } as const;

/** Does the evidence make an interruption of it? Logistic odds: the weighted sum of what speaks for and against. */
export function isInterruption(evidence: Evidence, ended: boolean): boolean {
  const weights = ended ? ENDED : GOING_ON;
  const odds = FEATURES.reduce((sum, name) => sum + weights[name] * evidence[name], 0);
  return odds >= (ended ? SURE.ended : SURE.goingOn);
}
