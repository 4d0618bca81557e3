import type { Environment } from './environment.ts';
import { passwordOf } from './passwordOf.ts';
import { SECRET_NAMES } from './settings.ts';

/** The secret values of an environment, valid or not: for what is said before, or without, a `Config`. */
export function secretsIn(env: Environment): readonly string[] {
  const values = SECRET_NAMES.map((name) => env[name]?.trim());
  return [...values, passwordOf(env.REDIS_URL?.trim())].flatMap((value) => value || []);
}
