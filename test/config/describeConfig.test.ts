import { expect, it } from 'vitest';
import { describeConfig } from '../../src/config/describeConfig.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { secretsOf } from '../../src/config/secretsOf.ts';

const KEYS = {
  LIVEKIT_URL: 'wss://rooms.example.com',
  LIVEKIT_API_KEY: 'APIabc',
  LIVEKIT_API_SECRET: 'room-secret-value',
  ANTHROPIC_API_KEY: 'claude-key-value',
  ELEVEN_API_KEY: 'eleven-key-value',
  DOUBLEWORD_API_KEY: 'doubleword-key-value',
};

it('says plainly which vendors are only stand-ins', () => {
  const lines = describeConfig(loadConfig({}, { mode: 'start' }));
  expect(lines).toContain('no ANTHROPIC_API_KEY: thinking with the offline stand-in');
  expect(lines).toContain('no ELEVENLABS_API_KEY: hearing and speaking with the offline stand-in');
  expect(lines).toContain('no DOUBLEWORD_API_KEY: batch tasks run on the offline stand-in');
});

it('names models and servers when the keys are there, and never a secret', () => {
  const config = loadConfig(KEYS, { mode: 'join' });
  const text = describeConfig(config).join('\n');
  expect(text).toContain('claude-haiku-5-5');
  expect(text).toContain('wss://rooms.example.com');
  expect(text).not.toContain('stand-in');
  expect(secretsOf(config)).toHaveLength(4);
  for (const secret of secretsOf(config)) expect(text).not.toContain(secret);
});

it('warns that a base URL without its key is not used', () => {
  const lines = describeConfig(
    loadConfig({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:8790' }, { mode: 'start' }),
  );
  expect(lines).toContain('ANTHROPIC_BASE_URL is not used without ANTHROPIC_API_KEY: set both');
});

it('warns of an English greeting in another language', () => {
  expect(describeConfig(loadConfig({ AGENT_LANGUAGE: 'de' }, { mode: 'start' })).join()).toContain(
    'set GREETING',
  );
});
