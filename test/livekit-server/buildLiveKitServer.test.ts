import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runLiveKitCommand } from '../../src/cli/livekit.ts';
import { buildLiveKitServer } from '../../src/livekit-server/buildLiveKitServer.ts';
import { cachePath } from '../../src/livekit-server/cachePath.ts';
import { isExecutable } from '../../src/livekit-server/isExecutable.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { isRunning } from '../support/isRunning.ts';

let folder: string;
let env: Record<string, string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'build-'));
  // The real tools behind the fake Go are those of every Unix; a real Go is in none of these folders.
  env = { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: folder, ANTHROPIC_API_KEY: 'sk-not-for-go' };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A `go` that reports `version` and "builds" with `install`, a piece of shell. */
function fakeGo(install: string, version = 'go1.26.1', toolchain = 'local'): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(
    join(folder, 'bin', 'go'),
    `#!/bin/sh
if [ "$1" = env ]; then echo ${version}; echo ${toolchain}; exit 0; fi
echo "$CGO_ENABLED $ANTHROPIC_API_KEY $*" >> ${folder}/installs
${install}
`,
  );
  chmodSync(join(folder, 'bin', 'go'), 0o755);
}

const SERVER = `
echo 'go: downloading github.com/pion/webrtc v4.0.0' >&2
echo 'github.com/pion/webrtc/v4' >&2
printf '#!/bin/sh\\necho livekit-server version 1.13.5\\n' > "$GOBIN/server"
chmod +x "$GOBIN/server"
`;

const build = (options: { signal?: AbortSignal } = {}) => {
  const lines: string[] = [];
  return { lines, built: buildLiveKitServer({ env, onProgress: (line) => lines.push(line), ...options }) };
};
/** Whatever is in the cache folder beside the program. */
const leftovers = () =>
  readdirSync(dirname(cachePath(env))).filter((name) => name !== 'livekit-server-v1.13.5');
const installs = () => readFileSync(join(folder, 'installs'), 'utf8').trim().split('\n');

it('builds the pinned version without cgo into the cache, with progress, and nothing is left beside it', async () => {
  fakeGo(SERVER);
  const { lines, built } = build();
  expect(await built).toBe(cachePath(env));
  expect(await isExecutable(cachePath(env))).toBe(true);
  expect(installs()).toEqual([
    expect.stringMatching(/^0 {2}install .*livekit-server\/cmd\/server@v1\.13\.5$/),
  ]);
  expect(lines.join('\n')).toMatch(/building livekit-server v1\.13\.5: fetching module 1, \d+ s/);
  expect(leftovers()).toEqual([]);
});

it('does not build again what is there', async () => {
  fakeGo(SERVER);
  await build().built;
  await build().built;
  expect(installs()).toHaveLength(1);
});

it('two that ask at the same time build once', async () => {
  fakeGo(`sleep 0.3\n${SERVER}`);
  const builds = [build(), build()];
  expect(await Promise.all(builds.map(({ built }) => built))).toEqual([cachePath(env), cachePath(env)]);
  expect(installs()).toHaveLength(1);
  expect(builds.flatMap(({ lines }) => lines).filter((line) => line.includes('already'))).toHaveLength(1);
});

it('the lock and the folder of a build that was killed are no obstacle', async () => {
  fakeGo(SERVER);
  mkdirSync(`${cachePath(env)}.build-killed`, { recursive: true });
  // The largest pid of Linux is 4194304; this one never runs.
  writeFileSync(`${cachePath(env)}.lock`, '4999999');
  await build().built;
  expect(leftovers()).toEqual([]);
});

it('a build that fails says what Go said and leaves nothing', async () => {
  fakeGo('echo "no space left on device" >&2; exit 1');
  await expect(build().built).rejects.toMatchObject({
    code: 'VA_LIVEKIT_SERVER',
    message: expect.stringMatching(/npm run livekit[\s\S]*no space left on device/),
  });
  expect(leftovers()).toEqual([]);
  expect(existsSync(cachePath(env))).toBe(false);
});

it('a program that is not what was asked for does not get into the cache', async () => {
  fakeGo(SERVER.replace('1.13.5', '0.1.0'));
  await expect(build().built).rejects.toThrow(/calls itself "livekit-server version 0\.1\.0"/);
  expect(existsSync(cachePath(env))).toBe(false);
});

it('an abort ends the compilers and leaves nothing', async () => {
  fakeGo(`sleep 600 & echo $! > ${folder}/compiler; echo 'go: downloading x v1' >&2; wait`);
  const abort = new AbortController();
  const { lines, built } = build({ signal: abort.signal });
  const rejected = expect(built).rejects.toMatchObject({ code: 'VA_LIVEKIT_SERVER' });
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
  const compiler = Number(readFileSync(join(folder, 'compiler'), 'utf8'));
  expect(isRunning(compiler)).toBe(true);
  abort.abort();
  await rejected;
  await expect.poll(() => isRunning(compiler)).toBe(false);
  expect(leftovers()).toEqual([]);
});

it.each([
  ['go1.19.8', ''],
  ['go1.25.3', 'local'],
])(
  '%s with toolchain "%s" is too old, and the message says how to get a server',
  async (version, toolchain) => {
    fakeGo(SERVER, version, `"${toolchain}"`);
    await expect(build().built).rejects.toThrow(
      new RegExp(`${version}.*too old.*npm run livekit.*LIVEKIT_SERVER_BIN`),
    );
  },
);

it('an older Go that may fetch a newer one by itself will do', async () => {
  fakeGo(SERVER, 'go1.22.1', 'auto');
  expect(await build().built).toBe(cachePath(env));
});

it('without Go the message is one line that says how to get a server', async () => {
  env.PATH = join(folder, 'bin');
  await expect(build().built).rejects.toThrow(/^There is no livekit-server and no Go.*LIVEKIT_SERVER_BIN.*$/);
});

it('the command says where the server is, found or built', async () => {
  fakeGo(SERVER);
  let said = '';
  const output = {
    write(text: string) {
      said += text;
      return true;
    },
  };
  await runLiveKitCommand({ env, output });
  expect(said).toMatch(/building[\s\S]*livekit-server is built: .*v1\.13\.5\n$/);
  said = '';
  await runLiveKitCommand({ env, output });
  expect(said).toBe(`livekit-server is at ${cachePath(env)}\n`);
});

it('progress is for people: not a line for every package, and in the background every 15 s', async () => {
  const many = `for n in 1 2 3 4 5 6 7 8; do echo "example.com/p$n" >&2; done\n${SERVER}`;
  fakeGo(many);
  for (const background of [false, true]) {
    rmSync(cachePath(env), { force: true });
    const lines: string[] = [];
    let now = 0;
    // A clock on which every look is four seconds later.
    const clock = {
      now() {
        now += 4_000;
        return now;
      },
      setTimer: systemClock.setTimer,
    };
    await buildLiveKitServer({ env, onProgress: (line) => lines.push(line), background, clock });
    expect(lines).toHaveLength(background ? 3 : 10);
  }
});
