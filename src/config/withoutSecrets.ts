import type { Environment } from './environment.ts';
import { SECRET_NAMES } from './settings.ts';

/** The environment for a program that is none of ours: everything but our keys. */
export function withoutSecrets(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  const secret: readonly string[] = SECRET_NAMES;
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !secret.includes(name)) kept[name] = value;
  }
  return kept;
}
