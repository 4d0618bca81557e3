import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readModules } from './modules.ts';
import { violations } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = readModules(
  root,
  ['src', 'bin', 'test', 'bench', 'fixtures'].filter((folder) => existsSync(join(root, folder))),
);

it('every import that the scan finds is a file that exists: it reads the sources rightly', () => {
  const files = modules
    .filter(({ path }) => !path.startsWith('test/architecture/'))
    .flatMap(({ files }) => files);
  expect(files.length).toBeGreaterThan(20);
  expect([...new Set(files)].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('the sources keep the rules of docs/architecture.md', () => {
  expect(violations(modules)).toEqual([]);
});
