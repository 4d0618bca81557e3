import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A folder of somebody who has installed voice-agent (this source of it) and zod, with files of their own. */
export async function toolFolder(
  files: Readonly<Record<string, string>>,
  options: { readonly type?: 'module' | 'commonjs' } = {},
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'voice-agent-tools-'));
  const installed = join(path, 'node_modules', 'voice-agent');
  await mkdir(installed, { recursive: true });
  const manifest = { name: 'voice-agent', type: 'module', exports: './index.mjs' };
  await writeFile(join(installed, 'package.json'), JSON.stringify(manifest));
  // Node alone runs no TypeScript: a module that only defines tools needs no more than this of the package.
  const source = pathToFileURL(join(ROOT, 'src/index.ts')).href;
  const load = `import { tsImport } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};\n`;
  await writeFile(
    join(installed, 'index.mjs'),
    `${load}export const { defineTool, asData, joinRoom, shutDown } = await tsImport(${JSON.stringify(source)}, import.meta.url);\n`,
  );
  await symlink(join(ROOT, 'node_modules', 'zod'), join(path, 'node_modules', 'zod'));
  await writeFile(join(path, 'package.json'), JSON.stringify({ type: options.type ?? 'module' }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
