import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { VoiceAgentError } from '../errors.ts';

/** Environment variables as the program sees them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment with the `.env` of `folder` underneath: what is already set wins, even when it is empty.
 * Nothing is written back. Throws `VA_CONFIG` when there is a `.env` that cannot be read.
 */
export function readEnvironment(folder = process.cwd()): Environment {
  return { ...readDotenv(resolve(folder, '.env')), ...process.env };
}

function readDotenv(path: string): Environment {
  try {
    return parse(readFileSync(path));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new VoiceAgentError(
      'VA_CONFIG',
      `${path} cannot be read: make it a readable text file, or remove it.`,
      {
        cause,
      },
    );
  }
}

/** The environment of a child process: ours, without `.env` (the child reads it anew), and what it gets beside. */
export function childEnvironment(extra: Environment = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}
