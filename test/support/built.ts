import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock } from 'proper-lockfile';
import { compile } from '../../bench/compile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, '.cache', 'built');

/** What tests run in processes of their own. */
const PROGRAMS = [
  'bin/voice-agent.ts',
  'src/index.ts',
  'bench/crashes/child.ts',
  'test/tasks/many/deskOfMany.ts',
  'test/tasks/processes/oneOfTwo.ts',
] as const;
/** Where these and what they import lie. */
const SOURCES = ['bin', 'src', 'bench', 'test/tasks'];

/** Another run may still use what was built for it, ms. */
const KEPT_MS = 60 * 60_000;

/**
 * The compiled form of a program, which starts in a third of the time that TypeScript takes: a test that starts many
 * would mostly wait for that. Each state of the sources has a folder of its own, so that none is ever stale.
 */
export async function built(program: (typeof PROGRAMS)[number]): Promise<string> {
  const folder = join(cache, await fingerprint());
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const release = await lock(cache, {
      stale: 60_000,
      retries: { retries: 300, minTimeout: 200, maxTimeout: 200 },
    });
    try {
      if (!existsSync(folder)) await build(folder);
    } finally {
      await release();
    }
  }
  return join(folder, program.replace(/ts$/, 'js'));
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    const names = await readdir(join(root, folder), { recursive: true });
    for (const name of names.filter((one) => one.endsWith('.ts')).sort()) {
      const { size, mtimeMs } = await stat(join(root, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Compiled aside, then renamed: whoever finds the folder finds all of it. */
async function build(folder: string): Promise<void> {
  await removeOld();
  // The program imports some of its parts only when it needs them.
  const compiled = await compile('tests', { folders: ['bin', 'src'], files: PROGRAMS });
  await rename(resolve(compiled.file('bin/voice-agent.ts'), '../..'), folder);
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = join(cache, name);
    const made = await stat(folder).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}
