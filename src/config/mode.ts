/** The command that the configuration is for: it decides what may be missing. */
export type Mode = 'start' | 'dev' | 'demo' | 'join' | 'bench' | 'tasks' | 'replay' | 'offline';

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
  offline: 'unused',
} as const satisfies Record<Mode, KeyRule>;

/** What the command line says about missing keys: `--offline`, `--require-keys`. */
export interface KeyFlags {
  readonly offline?: boolean | undefined;
  readonly requireKeys?: boolean | undefined;
}

export function keyRule(mode: Mode, { offline, requireKeys }: KeyFlags): KeyRule {
  if (requireKeys) return 'required';
  return offline ? 'standIn' : RULES[mode];
}
