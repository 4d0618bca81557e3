import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULTS } from '../../src/config/defaults.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { SECRET_NAMES, SETTING_NAMES } from '../../src/config/settings.ts';
import { withoutSecrets } from '../../src/config/withoutSecrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('reads .env under the existing environment, quietly, without writing to it', () => {
  const output = vi.spyOn(console, 'log');
  writeFileSync(join(folder, '.env'), 'VA_TEST_A=from-file\nVA_TEST_B="from file"\nVA_TEST_C=from-file\n');
  vi.stubEnv('VA_TEST_A', 'from-process');
  vi.stubEnv('VA_TEST_C', '');
  const env = readEnvironment(folder);
  expect([env.VA_TEST_A, env.VA_TEST_B, env.VA_TEST_C]).toEqual(['from-process', 'from file', '']);
  expect(process.env.VA_TEST_B).toBeUndefined();
  expect(output).not.toHaveBeenCalled();
});

it('does without a .env, and says so when there is one that cannot be read', () => {
  expect(() => readEnvironment(folder)).not.toThrow();
  mkdirSync(join(folder, '.env'));
  expect(() => readEnvironment(folder)).toThrow(/\.env cannot be read/);
});

it('.env.example explains every variable once, with the default that the program has', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  for (const name of SETTING_NAMES) {
    const lines = example.split('\n').filter((line) => new RegExp(`^#? ?${name}=`).test(line));
    expect(lines, name).toHaveLength(1);
  }
  for (const [name, value] of Object.entries(DEFAULTS)) {
    expect(example, name).toContain(`# ${name}=${String(value).includes(' ') ? `"${value}"` : value}\n`);
  }
});

it('every secret is kept from foreign programs, and nothing else', () => {
  const env = Object.fromEntries([
    ...SECRET_NAMES.map((name) => [name, 'x']),
    ['PATH', '/bin'],
    ['A', undefined],
  ]);
  expect(withoutSecrets(env)).toEqual({ PATH: '/bin' });
});
