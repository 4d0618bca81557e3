import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cachePath } from '../../src/livekit-server/cachePath.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(path: string, mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

it('LIVEKIT_SERVER_BIN, then PATH, then the cache, then none', async () => {
  const env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
  expect(await findLiveKitServer(env)).toBeUndefined();
  const cached = program(cachePath(env));
  expect(await findLiveKitServer(env)).toBe(cached);
  const inPath = program(join(folder, 'bin', 'livekit-server'));
  expect(await findLiveKitServer(env)).toBe(inPath);
  const named = program(join(folder, 'mine'));
  expect(await findLiveKitServer({ ...env, LIVEKIT_SERVER_BIN: named })).toBe(named);
});

it('a LIVEKIT_SERVER_BIN that cannot be run is an error, not a silent fallback', async () => {
  const env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
  program(join(folder, 'bin', 'livekit-server'));
  for (const bad of [join(folder, 'missing'), program(join(folder, 'plain'), 0o644), folder]) {
    await expect(findLiveKitServer({ ...env, LIVEKIT_SERVER_BIN: bad })).rejects.toMatchObject({
      code: 'VA_LIVEKIT_SERVER',
      message: expect.stringContaining(bad),
    });
  }
});

it('folders and files of that name in PATH that cannot be run are passed over', async () => {
  mkdirSync(join(folder, 'a', 'livekit-server'), { recursive: true });
  program(join(folder, 'b', 'livekit-server'), 0o644);
  const good = program(join(folder, 'c', 'livekit-server'));
  const PATH = ['', '.', ...['a', 'b', 'c'].map((name) => join(folder, name))].join(':');
  expect(await findLiveKitServer({ PATH, XDG_CACHE_HOME: folder })).toBe(good);
});

it('the cache is where XDG says, or in the home folder', () => {
  expect(cachePath({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toMatch(
    /^\/x\/voice-agent\/livekit-server-v1\.13\.5/,
  );
  expect(cachePath({ XDG_CACHE_HOME: 'relative', HOME: '/h' })).toMatch(/^\/h\/\.cache\/voice-agent\//);
});
