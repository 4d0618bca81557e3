import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../config/environment.ts';
import { isExecutable } from './isExecutable.ts';

/** Full path of a program in `PATH`. Folders that are not absolute are skipped: what runs must not depend on where. */
export async function findProgram(name: string, env: Environment): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const path = env.PATH ?? env.Path ?? '';
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const candidate = join(folder, file);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}
