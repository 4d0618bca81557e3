import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isRunning } from '../support/isRunning.ts';

const SETUP = new URL('../../bin/setup.mjs', import.meta.url).pathname;
const LOCK = {
  packages: {
    '': { name: 'project' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/typescript': { version: '7.0.0', dev: true },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
};

let root: string;

/** A project whose npm and compiler only leave notes; `npm` and `tsc` are pieces of JavaScript that run in them. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-'));
  mkdirSync(join(root, 'src'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'npm'));
  cpSync(SETUP, join(root, 'bin', 'setup.mjs'));
  write('src/main.ts', 'export {};');
  write('tsconfig.build.json', '{}');
  write('package-lock.json', JSON.stringify(LOCK));
  fakeNpm();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(root, name), text);
const notes = () =>
  existsSync(join(root, 'notes')) ? readFileSync(join(root, 'notes'), 'utf8').trim().split('\n') : [];

function fakeNpm(extra = '', tsc = ''): void {
  const note = (text: string) => `fs.appendFileSync('notes', ${text} + '\\n');`;
  const compiler = `const fs = require('node:fs'); ${note("'tsc'")} ${tsc}
fs.mkdirSync('dist', { recursive: true });`;
  write(
    'npm/npm-cli.js',
    `const fs = require('node:fs');
${note("'npm ' + process.argv[2] + ' onnxruntime=' + process.env.ONNXRUNTIME_NODE_INSTALL")}
${extra}
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules/a', { recursive: true });
fs.mkdirSync('node_modules/typescript/bin', { recursive: true });
fs.writeFileSync('node_modules/typescript/bin/tsc', ${JSON.stringify(compiler)});
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
delete lock.packages[''];
delete lock.packages['node_modules/other-platform'];
fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock));
`,
  );
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function setup(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Outcome> {
  const child = { ...process.env, npm_execpath: join(root, 'npm', 'npm-cli.js'), NODE_ENV: 'test', ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'bin', 'setup.mjs'), ...args],
      { env: child },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

it('a fresh clone is installed and built, without a word; the second run does nothing', async () => {
  expect(await setup()).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(notes()).toEqual(['npm ci onnxruntime=skip', 'tsc']);
  await setup();
  expect(notes()).toHaveLength(2);
});

it('--no-build installs only', async () => {
  await setup(['--no-build']);
  expect(notes()).toEqual(['npm ci onnxruntime=skip']);
});

it('builds again when a source changes, comes or goes, and not when only a time in node_modules changes', async () => {
  await setup();
  write('src/main.ts', 'export const changed = 1;');
  await setup();
  expect(notes()).toHaveLength(3);
  write('src/new.ts', 'export {};');
  await setup();
  expect(notes()).toHaveLength(4);
  write('dist/new.js', 'of a source that is gone');
  rmSync(join(root, 'src/new.ts'));
  await setup();
  expect(notes()).toHaveLength(5);
  expect(existsSync(join(root, 'dist/new.js'))).toBe(false);
  utimesSync(join(root, 'node_modules/a'), 1, 1);
  await setup();
  expect(notes()).toHaveLength(5);
});

it.each([
  [
    'the lock file asks for another version',
    () => write('package-lock.json', JSON.stringify(LOCK).replace('1.0.0', '1.1.0')),
  ],
  ['an install was broken off', () => rmSync(join(root, 'node_modules/.package-lock.json'))],
  ['a package was deleted', () => rmSync(join(root, 'node_modules/a'), { recursive: true })],
])('installs again when %s', async (_, change) => {
  await setup(['--no-build']);
  change();
  await setup(['--no-build']);
  expect(notes().filter((line) => line.startsWith('npm'))).toHaveLength(2);
  await setup(['--no-build']);
  expect(notes()).toHaveLength(2);
});

it('two at the same time do the work once', async () => {
  fakeNpm('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);');
  const outcomes = await Promise.all([setup(), setup(), setup()]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(notes()).toEqual(['npm ci onnxruntime=skip', 'tsc']);
});

it('the lock of a setup that was killed is taken over', async () => {
  mkdirSync(join(root, '.cache'));
  write('.cache/setup.lock', '4999999');
  expect((await setup()).code).toBe(0);
  expect(existsSync(join(root, '.cache/setup.lock'))).toBe(false);
});

it('a failed install shows what npm said and the cure, and is tried again next time', async () => {
  fakeNpm(`console.error('npm error code EUSAGE'); process.exit(1);`);
  const outcome = await setup();
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toMatch(/EUSAGE[\s\S]*run `npm install`/);
  expect(outcome.stderr).not.toContain('at ');
  fakeNpm();
  expect((await setup()).code).toBe(0);
});

it('a failed build shows what the compiler said and does not count as built', async () => {
  fakeNpm('', `console.log('src/main.ts(1,1): error TS1'); process.exit(2);`);
  const outcome = await setup();
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toMatch(/error TS1[\s\S]*do not compile/);
  await setup();
  expect(notes().filter((line) => line === 'tsc')).toHaveLength(2);
});

it('what takes over two seconds gets a progress line', async () => {
  fakeNpm('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3200);');
  const { stdout, stderr } = await setup(['--no-build']);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/installing packages, \d+ s\n.*installing packages took \d+ s\n/);
});

it('an interrupt ends npm too and releases the lock', async () => {
  fakeNpm(`fs.writeFileSync('pid', String(process.pid));
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);`);
  const env = { ...process.env, npm_execpath: join(root, 'npm', 'npm-cli.js') };
  const child = spawn(process.execPath, [join(root, 'bin', 'setup.mjs')], { env, stdio: 'ignore' });
  const npm = () => Number(existsSync(join(root, 'pid')) && readFileSync(join(root, 'pid'), 'utf8'));
  await expect.poll(npm).toBeGreaterThan(0);
  const code = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await code).toBe(143);
  await expect.poll(() => isRunning(npm())).toBe(false);
  expect(existsSync(join(root, '.cache/setup.lock'))).toBe(false);
});

it('a production install without development packages counts as complete', async () => {
  await setup(['--no-build']);
  const file = join(root, 'node_modules/.package-lock.json');
  const installed: { packages: Record<string, unknown> } = JSON.parse(readFileSync(file, 'utf8'));
  delete installed.packages['node_modules/typescript'];
  writeFileSync(file, JSON.stringify(installed));
  await setup(['--no-build'], { NODE_ENV: 'production' });
  expect(notes()).toHaveLength(1);
  await setup(['--no-build']);
  expect(notes()).toHaveLength(2);
});
