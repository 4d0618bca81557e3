import { type Evidence, FEATURES, type Look } from './evidence.ts';
import { ENDED, GOING_ON, PAUSED } from './weights.ts';

/** Cutting off a listener's "mm-hmm" is worse than hearing one look more: how sure we have to be, as logarithms of odds. */
const JUDGES = {
  goesOn: { weights: GOING_ON, sure: 2.25 },
  paused: { weights: PAUSED, sure: 2 },
  ended: { weights: ENDED, sure: 1.5 },
} as const;

/** Does the evidence make an interruption of it? Logistic odds: the weighted sum of what speaks for and against. */
export function isInterruption(evidence: Evidence, speech: Look['speech']): boolean {
  const { weights, sure } = JUDGES[speech];
  return FEATURES.reduce((sum, name) => sum + weights[name] * evidence[name], 0) >= sure;
}
