import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childEnvironment } from '../../src/config/environment.ts';
import { createOfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { type OfflineServer, serve } from '../../src/offline/serve.ts';
import { built } from '../support/built.ts';

const SETTINGS = [
  ...['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET', 'ANTHROPIC_API_KEY', 'ELEVEN_API_KEY'],
  ...['ELEVENLABS_API_KEY', 'DOUBLEWORD_API_KEY', 'PERSONA_FILE'],
];

describe('the command line', { timeout: 60_000 }, () => {
  let folder: string;
  let vendors: OfflineServer;
  let program: string;
  const nobody = { warm: async () => {}, close: async () => {} };

  beforeAll(async () => {
    program = await built('bin/voice-agent.ts');
    folder = await mkdtemp(join(tmpdir(), 'voice-agent-cli-'));
    vendors = await serve([
      createOfflineElevenLabs({
        recogniser: { ...nobody, transcribe: async () => '' },
        voice: { ...nobody, say: async () => new Int16Array(1_600) },
      }),
      createOfflineClaude(),
      createOfflineDoubleword(),
    ]);
  });

  afterAll(async () => {
    await vendors.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the program in an empty folder, with nothing set but `settings`. */
  async function run(args: string[], settings: Record<string, string> = {}) {
    const unset = Object.fromEntries(SETTINGS.map((name) => [name, '']));
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: childEnvironment({ ...unset, ...settings }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  }

  /** Every vendor is a stand-in behind a key, and nobody listens at LIVEKIT_URL. */
  const configured = () => ({
    LIVEKIT_URL: 'ws://127.0.0.1:9',
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'a-secret-of-more-than-thirty-two-characters',
    ANTHROPIC_API_KEY: 'good-key-for-tests',
    ANTHROPIC_BASE_URL: vendors.origin,
    ELEVENLABS_API_KEY: 'good-key-for-tests',
    ELEVENLABS_BASE_URL: vendors.origin,
    DOUBLEWORD_API_KEY: 'good-key-for-tests',
    DOUBLEWORD_BASE_URL: `${vendors.origin}/v1`,
  });

  it('names every missing setting at once, with its cure', async () => {
    const { code, output } = await run(['join', '--room', 'x']);
    expect(code).toBe(2);
    for (const name of ['LIVEKIT_URL', 'ANTHROPIC_API_KEY', 'ELEVENLABS_API_KEY', 'DOUBLEWORD_API_KEY']) {
      expect(output).toContain(name);
    }
  });

  it('start --require-keys serves nobody with a stand-in', async () => {
    const { DOUBLEWORD_API_KEY: _, ...rest } = configured();
    const { code, output } = await run(['start', '--require-keys'], rest);
    expect(code).toBe(2);
    expect(output).toContain('DOUBLEWORD_API_KEY is missing');
  });

  it('shows its usage for a wrong command line', async () => {
    const { code, output } = await run(['join']);
    expect(code).toBe(2);
    expect(output).toContain("'--room <name>' not specified");
  });

  it.each([
    ['ANTHROPIC_API_KEY', 'ANTHROPIC_API_KEY'],
    ['ELEVENLABS_API_KEY', 'ELEVENLABS_API_KEY'],
    ['DOUBLEWORD_API_KEY', 'DOUBLEWORD_API_KEY'],
  ])('does not join with a wrong %s, and says which', async (setting, named) => {
    const { code, output } = await run(['join', '--room', 'x'], {
      ...configured(),
      [setting]: 'invalid-key-123456',
    });
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`voice-agent: .*${named}`));
    expect(output).not.toContain('invalid-key-123456');
  });

  it('does not join with an unknown model, and names the setting', async () => {
    const { code, output } = await run(['join', '--room', 'x'], {
      ...configured(),
      LLM_MODEL: 'claude-nonesuch-9',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/voice-agent: .*LLM_MODEL/);
  });

  it('says that LiveKit cannot be reached, and where to look', async () => {
    const { code, output } = await run(['join', '--room', 'x'], configured());
    expect(code).toBe(1);
    expect(output).toMatch(/voice-agent: .*LIVEKIT_URL/);
    expect(output).not.toContain('a-secret-of-more');
  });

  it('lists no tasks where there are none', async () => {
    expect(await run(['tasks', 'list'])).toEqual({ code: 0, output: 'No tasks yet.\n' });
  });
});
