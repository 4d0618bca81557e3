import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { type LoadOptions, loadConfig } from '../../src/config/loadConfig.ts';
import { VoiceAgentError } from '../../src/errors.ts';

const KEYS = {
  LIVEKIT_URL: 'wss://rooms.example.com',
  LIVEKIT_API_KEY: 'APIabc',
  LIVEKIT_API_SECRET: 'room-secret-0123456789abcdef0123456789',
  ANTHROPIC_API_KEY: 'sk-ant-0123456789',
  ELEVENLABS_API_KEY: 'sk_eleven0123456789',
  DOUBLEWORD_API_KEY: 'sk-doubleword0123456789',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (env: Environment, options: Partial<LoadOptions> = {}) =>
  loadConfig(env, { mode: 'start', folder, ...options });

/** The message, a line per problem without the heading. */
function problems(env: Environment, options: Partial<LoadOptions> = {}): string[] {
  try {
    load(env, options);
  } catch (error) {
    if (!(error instanceof VoiceAgentError)) throw error;
    expect(error.code).toBe('VA_CONFIG');
    return error.message.split('\n').slice(1);
  }
  return [];
}

describe('with nothing set', () => {
  it('start, dev, demo and bench use the stand-in of every vendor and a local room', () => {
    for (const mode of ['start', 'dev', 'demo', 'bench'] as const) {
      const config = load({}, { mode });
      expect(config.offline).toEqual({ claude: true, elevenLabs: true, doubleword: true });
      expect(config.livekit).toBeUndefined();
    }
  });

  it('has the documented defaults', () => {
    const config = load({});
    expect(config.claude).toEqual({
      apiKey: undefined,
      baseUrl: 'https://api.anthropic.com',
      model: 'claude-haiku-5-5',
      maxTokens: 1024,
    });
    expect(config.elevenLabs).toMatchObject({
      baseUrl: 'https://api.elevenlabs.io',
      ttsModel: 'eleven_flash_v2_5',
      sttModel: 'scribe_v2_realtime',
      language: 'en',
    });
    expect(config.doubleword).toMatchObject({
      baseUrl: 'https://api.doubleword.ai/v1',
      model: 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8',
      window: '1h',
      maxTokens: 4096,
      pollIntervalMs: 10_000,
    });
    expect(config.files.tasks).toBe(join(folder, 'tasks_results.json'));
    expect(config.logLevel).toBe('info');
  });

  it('join reports every missing key at once, each with where to get it', () => {
    const lines = problems({}, { mode: 'join' });
    expect(lines).toHaveLength(4);
    for (const name of ['LIVEKIT_URL', 'ANTHROPIC_API_KEY', 'ELEVENLABS_API_KEY', 'DOUBLEWORD_API_KEY']) {
      expect(lines.filter((line) => line.includes(`${name}`) && line.includes('--offline'))).toHaveLength(1);
    }
  });

  it('start --require-keys reports the same, and how to do without', () => {
    const lines = problems({}, { mode: 'start', requireKeys: true });
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toContain('start without --require-keys');
    expect(load(KEYS, { mode: 'start', requireKeys: true }).offline.claude).toBe(false);
  });

  it('join --offline uses the stand-ins', () => {
    expect(load({}, { mode: 'join', offline: true }).offline.claude).toBe(true);
  });

  it('tasks asks for no key and claims no stand-in', () => {
    expect(load({}, { mode: 'tasks' }).offline).toEqual({
      claude: false,
      elevenLabs: false,
      doubleword: false,
    });
  });
});

describe('with keys', () => {
  it('join takes them and uses no stand-in', () => {
    const config = load(KEYS, { mode: 'join' });
    expect(config.livekit).toEqual({
      url: KEYS.LIVEKIT_URL,
      apiKey: KEYS.LIVEKIT_API_KEY,
      apiSecret: KEYS.LIVEKIT_API_SECRET,
    });
    expect(config.offline).toEqual({ claude: false, elevenLabs: false, doubleword: false });
  });

  it('only the vendor without a key is replaced', () => {
    const { ANTHROPIC_API_KEY: _, ...rest } = KEYS;
    expect(load(rest).offline).toEqual({ claude: true, elevenLabs: false, doubleword: false });
  });

  it('ELEVEN_API_KEY is as good as ELEVENLABS_API_KEY, which wins', () => {
    expect(load({ ELEVEN_API_KEY: 'older-name' }).elevenLabs.apiKey).toBe('older-name');
    expect(load({ ELEVEN_API_KEY: 'older', ELEVENLABS_API_KEY: 'newer' }).elevenLabs.apiKey).toBe('newer');
    expect(problems({ ...KEYS, ELEVENLABS_API_KEY: '', ELEVEN_API_KEY: 'k' }, { mode: 'join' })).toEqual([]);
  });

  it('white space is trimmed and an empty value counts as not set', () => {
    const config = load({ ANTHROPIC_API_KEY: '  sk-ant-x\n', DOUBLEWORD_API_KEY: '   ' });
    expect(config.claude.apiKey).toBe('sk-ant-x');
    expect(config.offline.doubleword).toBe(true);
  });

  it.each([
    [{ LIVEKIT_URL: 'wss://x.example' }, 'LIVEKIT_API_KEY and LIVEKIT_API_SECRET are missing'],
    [{ LIVEKIT_URL: 'wss://x.example', LIVEKIT_API_KEY: 'k' }, 'LIVEKIT_API_SECRET is missing'],
    [{ LIVEKIT_API_SECRET: 's' }, 'LIVEKIT_URL and LIVEKIT_API_KEY are missing'],
  ])('a half-set LiveKit is a problem in every mode: %o', (env, message) => {
    expect(problems(env)).toEqual([expect.stringContaining(message)]);
    expect(problems(env, { mode: 'tasks', offline: true })).toEqual([expect.stringContaining(message)]);
  });
});

describe('each value', () => {
  it.each([
    ['LIVEKIT_URL', 'rooms.example.com', 'wss://'],
    ['LIVEKIT_URL', 'wss://user:hunter2hunter2@rooms.example.com', 'user name or password'],
    ['ANTHROPIC_API_KEY', 'two words', 'copy it again'],
    ['ANTHROPIC_BASE_URL', 'ftp://x', 'http or https'],
    ['ANTHROPIC_BASE_URL', 'http://x/v1', 'must not end in /v1'],
    ['ELEVENLABS_BASE_URL', 'wss://api.elevenlabs.io', 'http or https'],
    ['ELEVENLABS_BASE_URL', 'https://api.elevenlabs.io/v1', 'without a path'],
    ['DOUBLEWORD_BASE_URL', 'https://api.doubleword.ai', 'must end in /v1'],
    ['DOUBLEWORD_BASE_URL', 'https://api.doubleword.ai/v1?x=1', 'before the "?"'],
    ['LLM_MODEL', 'claude haiku', 'one word'],
    ['ELEVEN_VOICE_ID', 'George!', 'voice id'],
    ['MAX_REPLY_TOKENS', '0', 'from 16'],
    ['BATCH_MAX_TOKENS', '4k', 'whole number'],
    ['WORKER_MEMORY_MB', '256', 'from 512'],
    ['POLL_INTERVAL_MS', '10s', 'whole number'],
    ['POLL_INTERVAL_MS', '-5', 'whole number'],
    ['BATCH_WINDOW', 'soon', '1h'],
    ['AGENT_LANGUAGE', 'en-US', 'leave out the region: en'],
    ['AGENT_LANGUAGE', 'pt_BR', 'leave out the region: pt'],
    ['AGENT_LANGUAGE', 'english', 'two-letter'],
    ['PERSONA_FILE', 'missing.txt', 'cannot be read'],
    ['REDIS_URL', 'http://127.0.0.1:6379', 'redis or rediss'],
    ['REDIS_URL', 'redis://:hunter2%off@127.0.0.1:6379', 'percent-encode the password'],
    ['LOG_LEVEL', 'loud', 'debug, info, warn or error'],
  ])('%s=%s is refused with its cure', (name, value, cure) => {
    const lines = problems({ [name]: value, ...(name === 'LIVEKIT_URL' ? REST_OF_LIVEKIT : {}) });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(name);
    expect(lines[0]).toContain(cure);
    expect(lines[0]).not.toContain('hunter2');
  });

  it('several wrong values make one message with a line each', () => {
    const lines = problems(
      { LLM_MODEL: 'a b', POLL_INTERVAL_MS: 'x', LIVEKIT_API_KEY: 'k' },
      { mode: 'join' },
    );
    expect(lines.map((line) => line.match(/[A-Z_]{6,}/)?.[0])).toEqual([
      'LLM_MODEL',
      'POLL_INTERVAL_MS',
      'LIVEKIT_URL',
      'ANTHROPIC_API_KEY',
      'ELEVENLABS_API_KEY',
      'DOUBLEWORD_API_KEY',
    ]);
  });

  it('no message holds a secret', () => {
    const secret = 'sk-ant broken 123456';
    expect(problems({ ANTHROPIC_API_KEY: secret }).join('\n')).not.toContain('broken');
  });

  it('a slash at the end of a base URL is dropped', () => {
    const config = load({
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8790/',
      ELEVENLABS_BASE_URL: 'http://127.0.0.1:8790/',
      DOUBLEWORD_BASE_URL: 'http://127.0.0.1:8790/v1/',
    });
    expect(config.claude.baseUrl).toBe('http://127.0.0.1:8790');
    expect(config.elevenLabs.baseUrl).toBe('http://127.0.0.1:8790');
    expect(config.doubleword.baseUrl).toBe('http://127.0.0.1:8790/v1');
  });

  it('a persona file is read, and refused when it is empty or no text', () => {
    writeFileSync(join(folder, 'pirate.txt'), '\uFEFFYou are a pirate.\n');
    writeFileSync(join(folder, 'empty.txt'), ' \n');
    writeFileSync(join(folder, 'binary.txt'), Uint8Array.of(0x50, 0, 0xff));
    expect(load({ PERSONA_FILE: 'pirate.txt' }).agent.persona).toBe('You are a pirate.');
    expect(problems({ PERSONA_FILE: 'empty.txt' })).toEqual([expect.stringContaining('is empty')]);
    expect(problems({ PERSONA_FILE: 'binary.txt' })).toEqual([expect.stringContaining('UTF-8 text')]);
  });
});

const REST_OF_LIVEKIT = { LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };
