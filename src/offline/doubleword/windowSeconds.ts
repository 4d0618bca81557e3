const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Length of a completion window such as `1h`, `24h` or `20s`. */
export function windowSeconds(window: string): number {
  const match = /^(\d+)([smhd])$/.exec(window);
  const unit = UNIT_SECONDS[match?.[2] ?? ''];
  if (!match || unit === undefined) throw new RangeError(`not a completion window: ${window}`);
  return Number(match[1]) * unit;
}
