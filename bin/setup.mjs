// Makes a fresh clone ready: right Node, packages installed, sources built. npm's `pre` scripts call it, so it does
// nothing, quickly, when there is nothing to do. It runs before anything is installed: plain JavaScript, no packages.
//
//   node bin/setup.mjs             install and build what is missing or out of date
//   node bin/setup.mjs --no-build  install only
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);
const lockFile = at('.cache', 'setup.lock');
const stampFile = at('dist', '.built.json');

class SetupError extends Error {}

main().catch((error) => {
  process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
});

async function main() {
  checkNode();
  const build = !process.argv.includes('--no-build');
  if (!needsInstall() && !(build && needsBuild())) return;
  const release = await takeLock();
  try {
    // Somebody else may have done it while we waited.
    if (needsInstall()) await install();
    if (build && needsBuild()) await compile();
  } finally {
    release();
  }
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return;
  throw new SetupError(
    `voice-agent needs Node ${OLDEST_NODE} or newer, this is ${process.version}: install a newer one from https://nodejs.org.`,
  );
}

// ---------------------------------------------------------------- packages

/**
 * npm keeps a copy of what it installed in `node_modules/.package-lock.json`, written last: an install that was broken
 * off has none. Compared by content, because clones and restored caches say nothing true with file times.
 */
function needsInstall() {
  const wanted = readJson(at('package-lock.json'));
  if (!wanted) return false; // an installed package, not a clone
  const installed = readJson(at('node_modules', '.package-lock.json'));
  if (!installed) return true;
  const omitDev = omitsDev();
  return Object.entries(wanted.packages).some(([place, entry]) => {
    if (place === '' || entry.link) return false;
    const found = installed.packages[place];
    // Optional ones are for other platforms.
    if (!found) return !(entry.optional || entry.devOptional || entry.peer || (omitDev && entry.dev));
    if (found.version !== entry.version) return true;
    if (entry.integrity && found.integrity && found.integrity !== entry.integrity) return true;
    return !entry.optional && !fs.existsSync(at(place));
  });
}

/** Whether whoever installs wants no development packages: a container that brings `dist` along, say. */
function omitsDev() {
  return (
    process.env.NODE_ENV === 'production' || (process.env.npm_config_omit ?? '').split(/\s+/).includes('dev')
  );
}

async function install() {
  const [program, ...before] = npmCommand();
  const result = await run('installing packages', program, [
    ...before,
    'ci',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ]);
  if (result.ok) return;
  const cure = /EUSAGE|in sync/.test(result.output)
    ? 'package.json and package-lock.json do not agree: run `npm install` and keep the new package-lock.json.'
    : /EACCES|EPERM/.test(result.output)
      ? 'A file cannot be written: check who owns this folder and node_modules.'
      : /ENOSPC/.test(result.output)
        ? 'The disk is full: make room and try again.'
        : 'Check the network and the registry, then run `npm ci` to see everything.';
  throw new SetupError(`${result.tail}\n\nThe packages could not be installed. ${cure}`);
}

/** The npm that called us, so that both are of one version; else the one in PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath ?? '';
  if (/^npm-cli\.c?js$/.test(path.basename(caller)) && fs.existsSync(caller))
    return [process.execPath, caller];
  return ['npm'];
}

// ------------------------------------------------------------------- build

/** Whether any source changed, came or went since the last build. */
function needsBuild() {
  if (!fs.existsSync(at('tsconfig.build.json'))) return false;
  return readJson(stampFile)?.sources !== fingerprint(sources());
}

function sources() {
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].filter((name) =>
    fs.existsSync(at(name)),
  );
  for (const folder of ['bin', 'src']) {
    if (!fs.existsSync(at(folder))) continue;
    for (const name of fs.readdirSync(at(folder), { recursive: true })) {
      if (/\.(ts|json)$/.test(name)) files.push(path.join(folder, name));
    }
  }
  return files.sort();
}

function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = fs.statSync(at(file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

async function compile() {
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
  if (!fs.existsSync(tsc)) {
    throw new SetupError(
      'The sources are newer than the build and the compiler is not installed: run `npm ci --include=dev`.',
    );
  }
  const files = sources();
  const before = readJson(stampFile)?.files ?? [];
  // What is compiled of a source that is gone would stay, and still be found by whoever imports it.
  if (before.some((file) => !files.includes(file))) fs.rmSync(at('dist'), { recursive: true, force: true });
  // Nobody may take a build for complete that is under way.
  else fs.rmSync(stampFile, { force: true });
  const sum = fingerprint(files);
  const result = await run('building', process.execPath, [tsc, '-p', 'tsconfig.build.json']);
  if (!result.ok)
    throw new SetupError(`${result.tail}\n\nThe sources do not compile: correct the errors above.`);
  fs.mkdirSync(path.dirname(stampFile), { recursive: true });
  fs.writeFileSync(stampFile, JSON.stringify({ sources: sum, files }));
}

// ------------------------------------------------------------------- tools

/** Runs a tool quietly; whatever takes over two seconds gets a progress line. */
function run(what, program, args) {
  return new Promise((resolve) => {
    const progress = showProgress(what);
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a script on Windows.
      shell: process.platform === 'win32' && program === 'npm',
      // The CPU libraries are in the package; its install script would download GPU ones.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    });
    const stop = () => child.kill();
    process.once('exit', stop);
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-64_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const finish = (ok) => {
      process.removeListener('exit', stop);
      progress.end(ok);
      resolve({ ok, output, tail: output.trim().split('\n').slice(-20).join('\n') });
    };
    child.once('error', (error) => {
      output += `${program}: ${error.message}`;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}

function showProgress(what) {
  const began = Date.now();
  const terminal = process.stderr.isTTY === true;
  const seconds = () => Math.round((Date.now() - began) / 1000);
  let shown = 0;
  const timer = setInterval(() => {
    // A terminal's line is rewritten every second; a log gets a line at two seconds and then every fifteen.
    if (seconds() < 2 || (!terminal && shown > 0 && seconds() - shown < 15)) return;
    shown = seconds();
    process.stderr.write(
      terminal ? `\r\x1b[2Kvoice-agent: ${what}, ${shown} s` : `voice-agent: ${what}, ${shown} s\n`,
    );
  }, 1000);
  return {
    end(ok) {
      clearInterval(timer);
      if (shown === 0) return;
      process.stderr.write(
        `${terminal ? '\r\x1b[2K' : ''}voice-agent: ${what} ${ok ? 'took' : 'failed after'} ${seconds()} s\n`,
      );
    },
  };
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

// -------------------------------------------------------------------- lock

/** One setup at a time; the lock of a process that is gone does not count. Returns how to release it. */
async function takeLock() {
  let told = false;
  for (;;) {
    if (tryLock()) break;
    const owner = Number(readText(lockFile) || Number.NaN);
    if (owner > 0 && !isAlive(owner)) {
      breakLock(owner);
      if (tryLock()) break;
    }
    if (!told)
      process.stderr.write(
        `voice-agent: another setup is at work${owner > 0 ? ` (process ${owner})` : ''}; waiting for it\n`,
      );
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => fs.rmSync(lockFile, { force: true });
  process.once('exit', release);
  // With a handler a signal no longer ends us by itself; `exit` handlers release the lock and end the tool.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.once(signal, () => process.exit(code));
  return release;
}

/** Appears with its content or not at all: written aside, then linked. */
function tryLock() {
  const mine = `${lockFile}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(lockFile), { recursive: true });
    fs.writeFileSync(mine, String(process.pid));
    fs.linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new SetupError(
      `Packages or build are out of date and ${root} cannot be written (${error.code}): ` +
        'run `npm ci` and `npm run build` as a user who may, or make the folder writable.',
    );
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/** Only one at a time may, and it looks again first: two that saw the dead owner must not both remove a lock. */
function breakLock(owner) {
  const guard = `${lockFile}.takeover`;
  try {
    fs.mkdirSync(guard);
  } catch {
    const made = fs.statSync(guard, { throwIfNoEntry: false });
    // Held for a moment only: an old one is that of a process that died in that moment.
    if (made && Date.now() - made.mtimeMs > 10_000) fs.rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (Number(readText(lockFile)) === owner) fs.rmSync(lockFile, { force: true });
  } finally {
    fs.rmSync(guard, { recursive: true, force: true });
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
