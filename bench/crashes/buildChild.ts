import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface BuiltChild {
  /** Starts in a fraction of the time that TypeScript sources take. */
  readonly file: string;
  remove(): Promise<void>;
}

/** Compiles the process that is killed to plain JavaScript, somewhere below the package so that it finds its modules. */
export async function buildChild(): Promise<BuiltChild> {
  const folder = join(root, '.cache', `crashes-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'tsconfig.json');
  const up = relative(folder, root);
  await writeFile(
    config,
    JSON.stringify({
      extends: `${up}/tsconfig.build.json`,
      compilerOptions: {
        rootDir: up,
        outDir: '.',
        declaration: false,
        incremental: false,
        tsBuildInfoFile: null,
      },
      include: [],
      files: [`${up}/bench/crashes/child.ts`],
    }),
  );
  const tsc = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin', 'tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  const file = join(folder, 'bench', 'crashes', 'child.js');
  if (!existsSync(file)) throw new Error(`The child could not be compiled:\n${stdout}${stderr}`);
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
