import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failureText } from '../../src/cli/failureText.ts';
import { recordCall } from '../../src/cli/recordCall.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { secretsIn } from '../../src/config/secretsIn.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { VoiceAgentError } from '../../src/errors.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';

/** Of no shape that would give it away. */
const ENV = { ELEVENLABS_API_KEY: 'hunter2hunter2', REDIS_URL: 'redis://:p%40ss-word-9@127.0.0.1:6379' };

it('a failed command shows a fault with its stack, and no secret of the environment in either', () => {
  const text = failureText(
    new Error('no answer with hunter2hunter2 and p@ss-word-9 of sk-ant-abcdefghijkl123'),
    secretsIn(ENV),
  );
  expect(text).toContain('voice-agent: no answer with [redacted]');
  expect(text).toContain('secrets.test.ts');
  expect(text).not.toMatch(/hunter2|word-9|sk-ant/);
});

it('an environment that is not valid has secrets too', () => {
  expect(secretsIn({ REDIS_URL: 'redis://:50%off@h:6379' })).toContain('50%off');
  expect(secretsIn({ REDIS_URL: 'no URL', DOUBLEWORD_API_KEY: ' ' })).toEqual(['no URL']);
});

it('what names its cure is shown without a stack', () => {
  expect(failureText(new VoiceAgentError('VA_CONFIG', 'Set it.'), [])).toBe('voice-agent: Set it.\n');
});

it('a recorded call holds no secret of the configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-recording-'));
  const config = loadConfig({ ...ENV, RECORDINGS_DIR: folder }, { mode: 'start' });
  const options = { ...defaultConversationOptions, greeting: 'My key is hunter2hunter2.' };
  const recorder = await recordCall({ agent: { options }, config, log: silentLogger }, 'call');
  await recorder.close();
  const text = await readFile(join(folder, 'call.ndjson'), 'utf8');
  expect(text).toContain('My key is [redacted].');
  await rm(folder, { recursive: true });
});
