export function isEcho(_heard: readonly string[], _ours: readonly string[]): boolean {
  return false;
}
