import type { Script } from './script.ts';

/** Removes what a failing script can do without, step by step, as long as `fails` says that it still fails. */
export async function shrink(script: Script, fails: (script: Script) => Promise<boolean>): Promise<Script> {
  let smallest = script;
  const attempt = async (candidate: Script): Promise<boolean> => {
    if (!(await fails(candidate))) return false;
    smallest = candidate;
    return true;
  };
  // A step later in the script may be what made an earlier one necessary: again, until nothing goes any more.
  for (let before = 0; before !== smallest.steps.length; ) {
    before = smallest.steps.length;
    for (let index = smallest.steps.length - 1; index >= 0; index--) {
      await attempt({ ...smallest, steps: smallest.steps.toSpliced(index, 1) });
    }
  }
  for (const name of ['voice', 'ears', 'model', 'recogniser', 'tools', 'uplink'] as const) {
    if (!smallest.troubles[name]) continue;
    await attempt({ ...smallest, troubles: { ...smallest.troubles, [name]: false } });
  }
  if (smallest.pending > 0) await attempt({ ...smallest, pending: 0 });
  return smallest;
}
