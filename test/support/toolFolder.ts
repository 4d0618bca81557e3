import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { built } from './built.ts';

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
  const index = pathToFileURL(await built('src/index.ts')).href;
  await writeFile(join(installed, 'index.mjs'), `export * from ${JSON.stringify(index)};\n`);
  await symlink(join(ROOT, 'node_modules', 'zod'), join(path, 'node_modules', 'zod'));
  await writeFile(join(path, 'package.json'), JSON.stringify({ type: options.type ?? 'module' }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
