const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** "What day comes after Monday", "which month is before March". */
export function answerCalendar(folded: string): string | undefined {
  const match = /\b(comes? (?:after|before)|follows|after|before) (\w+)/.exec(folded);
  if (!match || !/\b(day|month|what comes|which comes)\b/.test(folded)) return undefined;
  const step = match[1]?.endsWith('before') ? -1 : 1;
  for (const cycle of [DAYS, MONTHS]) {
    const at = cycle.findIndex((name) => name.toLowerCase() === match[2]?.replace(/s$/, ''));
    const found = at < 0 ? undefined : cycle[(at + step + cycle.length) % cycle.length];
    if (found) return `${found} comes ${step === 1 ? 'after' : 'before'} ${cycle[at]}.`;
  }
  return undefined;
}
