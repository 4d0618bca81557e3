/** The command that the configuration is for: it decides what may be missing. */
export type Mode = 'start' | 'dev' | 'demo' | 'join' | 'bench' | 'tasks' | 'replay' | 'doctor' | 'offline';

/** `standIn`: a missing key means the offline stand-in. `required`: it is a problem. `unused`: nobody asks. */
export type KeyRule = 'standIn' | 'required' | 'unused';

const RULES = {
  start: 'standIn',
  dev: 'standIn',
  demo: 'standIn',
  bench: 'standIn',
  join: 'required',
  tasks: 'unused',
  replay: 'unused',
  doctor: 'unused',
  offline: 'unused',
} as const satisfies Record<Mode, KeyRule>;

/** `offline` is the command line's `--offline`. */
export function keyRule(mode: Mode, offline: boolean): KeyRule {
  return offline ? 'standIn' : RULES[mode];
}
