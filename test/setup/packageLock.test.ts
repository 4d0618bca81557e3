import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const lock: { packages: Record<string, LockEntry> } = JSON.parse(read('package-lock.json'));

it('the lock file knows every platform: without one of them `npm ci` refuses everywhere', () => {
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '') continue;
    const missing = Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${place}/node_modules/${name}`],
    );
    expect(missing, place).toEqual([]);
  }
});

it('a plain `npm ci` does not download the GPU libraries of onnxruntime', () => {
  // npm runs an install script only when the lock file says that there is one; `.npmrc` can tell the script to skip.
  const runs = lock.packages['node_modules/onnxruntime-node']?.hasInstallScript === true;
  const skips = /^onnxruntime-node-install=skip$/m.test(read('.npmrc'));
  expect(runs && !skips).toBe(false);
});
