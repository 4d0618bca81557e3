import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { VoiceAgentError } from '../../src/errors.ts';
import { createLogger, type LogOptions } from '../../src/telemetry/log.ts';

const SECRET = 'a-very/secret+value-0123456789';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJBUEkifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ';
const SECRETS = [
  SECRET,
  encodeURIComponent(SECRET),
  JWT,
  'sk-ant-api03-abcdefgh',
  'sk_0123456789abcdef',
  'hunter2hunter2',
];

function capture(options: Partial<LogOptions> = {}) {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const log = createLogger({ level: 'debug', secrets: [SECRET], destination, ...options });
  return {
    log,
    /** A transform stands between the logger and the text when it is pretty. */
    text: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return text;
    },
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line): Record<string, unknown> => JSON.parse(line)),
  };
}

describe.each([{ pretty: false }, { pretty: true }])('with pretty $pretty', ({ pretty }) => {
  it('writes the message literally, [POLL] included, at the end of its line', async () => {
    const { log, text } = capture({ pretty });
    log.info('[POLL] batch-1 is in_progress', { jobId: 'batch-1' });
    expect(await text()).toContain('[POLL] batch-1 is in_progress');
  });

  it('lets no secret out of messages, fields, names, errors, causes or child fields', async () => {
    const { log, text } = capture({ pretty });
    const cause = Object.assign(new Error(`refused: xi-api-key: hunter2hunter2`), {
      headers: { Authorization: `Bearer ${SECRET}` },
    });
    const error = new VoiceAgentError('VA_STT_AUTH', `ElevenLabs refused ${SECRET}`, { cause });
    const child = log.child({ session: `token=${JWT}` });
    child.info(`connecting to wss://host/rtc?access_token=${JWT}&x=1 with ${SECRET}`);
    child.info(`GET https://host/?key=${encodeURIComponent(SECRET)} as sk-ant-api03-abcdefgh`);
    child.warn('fields', {
      apiKey: 'hunter2hunter2',
      headers: { 'xi-api-key': 'hunter2hunter2', authorization: 'Basic hunter2hunter2' },
      nested: [{ deep: new Map([['url', new URL(`https://user:hunter2hunter2@host/`)]]) }],
      [`odd ${SECRET}`]: 'Bearer sk_0123456789abcdef',
      body: JSON.stringify({ api_key: 'hunter2hunter2', password: 'hunter2hunter2' }),
    });
    child.error('failed', { error, all: new AggregateError([cause], `none of ${SECRET}`) });
    const out = await text();
    expect(out).toContain('[redacted]');
    for (const secret of SECRETS) expect(out).not.toContain(secret);
  });

  it('keeps what is needed to understand an error', async () => {
    const { log, text } = capture({ pretty });
    log.error('call failed', {
      error: new VoiceAgentError('VA_LLM_FAILED', 'Claude is overloaded', { cause: new Error('status 529') }),
    });
    const out = await text();
    for (const part of [
      'call failed',
      'VA_LLM_FAILED',
      'Claude is overloaded',
      'status 529',
      'log.test.ts',
    ]) {
      expect(out).toContain(part);
    }
  });

  it('survives fields that cannot be written as they are', async () => {
    const { log, text } = capture({ pretty });
    const circular: Record<string, unknown> = { big: 12n, bytes: new Uint8Array(3) };
    circular.self = circular;
    Object.defineProperty(circular, 'trap', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    log.info('odd', { circular, when: new Date(Number.NaN), fn: () => 1 });
    expect(await text()).toContain('odd');
  });
});

it('as JSON, a line is one object with level, time and msg that fields cannot overwrite', () => {
  const { log, lines } = capture();
  log.child({ call: 'c1' }).warn('quiet', { level: -12, msg: 'x', count: 3 });
  expect(lines()).toEqual([
    {
      level: 40,
      time: expect.stringMatching(/^\d{4}-/),
      call: 'c1',
      msg: 'quiet',
      level_: -12,
      msg_: 'x',
      count: 3,
    },
  ]);
});

it('writes nothing below its level', () => {
  const { log, lines } = capture({ level: 'warn' });
  log.info('no');
  log.debug('no');
  log.error('yes');
  expect(lines()).toHaveLength(1);
});

it('leaves ordinary words, numbers and ids alone', () => {
  const { log, lines } = capture();
  const fields = {
    inputTokens: 40,
    tokens: '12',
    jobId: 'batch_0123456789',
    room: 'task-management',
    ask: 'risk-averse',
  };
  log.info('Unexpected token: } in max_tokens=300; the task-0123456789 said "bearer"', fields);
  expect(lines()[0]).toMatchObject({
    ...fields,
    msg: 'Unexpected token: } in max_tokens=300; the task-0123456789 said "bearer"',
  });
});
