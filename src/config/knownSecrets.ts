import { childEnvironment, readEnvironment } from './environment.ts';
import { secretsIn } from './secretsIn.ts';

/** The secret values of this process's environment. Never throws: a `.env` that cannot be read has told nobody anything. */
export function knownSecrets(): readonly string[] {
  try {
    return secretsIn(readEnvironment());
  } catch {
    return secretsIn(childEnvironment());
  }
}
