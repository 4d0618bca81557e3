import { z } from 'zod';
import { DEFAULTS } from './defaults.ts';
import type { Environment } from './environment.ts';

const text = z.string().optional();
const key = z
  .string()
  .regex(/^[!-~]+$/, 'holds a space or another character that no key has: copy it again')
  .optional();
const word = (example: string) =>
  z.string().regex(/^\S+$/, `must be one word without spaces, such as ${example}`);

/** A URL with one of `protocols`; what the message leaves out is the value, which may hold a password. */
function url(protocols: readonly string[], example: string) {
  return z
    .string()
    .transform((value) => value.replace(/\/+$/, ''))
    .superRefine((value, context) => {
      const report = (message: string) => context.addIssue({ code: 'custom', message });
      const parsed = URL.canParse(value) ? new URL(value) : undefined;
      if (!parsed || !protocols.includes(parsed.protocol.slice(0, -1)) || parsed.hostname === '') {
        report(`must be a ${protocols.join(' or ')} URL, such as ${example}`);
      } else if (parsed.username !== '' || parsed.password !== '') {
        report('must not hold a user name or password: keys have variables of their own');
      } else if (parsed.search !== '' || parsed.hash !== '') {
        report(`must end before the "?" or "#", as in ${example}`);
      }
    });
}

const http = (example: string) => url(['http', 'https'], example);
const pathOf = (value: string) => (URL.canParse(value) ? new URL(value).pathname.replace(/\/$/, '') : '');

function isPattern(value: string): boolean {
  try {
    return new RegExp(value, 'u') !== undefined;
  } catch {
    return false;
  }
}

/** What a URL holds before the "@" is read percent-decoded. */
function hasDecodablePassword(value: string): boolean {
  if (!URL.canParse(value)) return true;
  const { username, password } = new URL(value);
  try {
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}

function wholeNumber(from: number, to: number) {
  const message = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(from, message).max(to, message));
}

/** Each variable by itself; what must agree between variables is checked in `loadConfig`. */
const schema = z.object({
  LIVEKIT_URL: url(['ws', 'wss', 'http', 'https'], 'wss://my-project.livekit.cloud').optional(),
  LIVEKIT_API_KEY: key,
  LIVEKIT_API_SECRET: key,
  ANTHROPIC_API_KEY: key,
  ELEVENLABS_API_KEY: key,
  ELEVEN_API_KEY: key,
  DOUBLEWORD_API_KEY: key,
  ANTHROPIC_BASE_URL: http(DEFAULTS.ANTHROPIC_BASE_URL)
    .refine((value) => !pathOf(value).endsWith('/v1'), {
      message: 'must not end in /v1: the client adds it',
    })
    .default(DEFAULTS.ANTHROPIC_BASE_URL),
  LLM_MODEL: word(DEFAULTS.LLM_MODEL).default(DEFAULTS.LLM_MODEL),
  MAX_REPLY_TOKENS: wholeNumber(16, 64_000).default(DEFAULTS.MAX_REPLY_TOKENS),
  ELEVENLABS_BASE_URL: http(DEFAULTS.ELEVENLABS_BASE_URL)
    .refine((value) => pathOf(value) === '', {
      message: `must be an origin without a path, such as ${DEFAULTS.ELEVENLABS_BASE_URL}`,
    })
    .default(DEFAULTS.ELEVENLABS_BASE_URL),
  ELEVEN_VOICE_ID: z
    .string()
    .regex(
      /^[A-Za-z0-9_-]+$/,
      `must be a voice id, such as ${DEFAULTS.ELEVEN_VOICE_ID}: copy it from your voices page`,
    )
    .default(DEFAULTS.ELEVEN_VOICE_ID),
  TTS_MODEL: word(DEFAULTS.TTS_MODEL).default(DEFAULTS.TTS_MODEL),
  STT_MODEL: word(DEFAULTS.STT_MODEL).default(DEFAULTS.STT_MODEL),
  DOUBLEWORD_BASE_URL: http(DEFAULTS.DOUBLEWORD_BASE_URL)
    .refine((value) => pathOf(value).endsWith('/v1'), {
      message: `must end in /v1, such as ${DEFAULTS.DOUBLEWORD_BASE_URL}`,
    })
    .default(DEFAULTS.DOUBLEWORD_BASE_URL),
  BATCH_MODEL: word(DEFAULTS.BATCH_MODEL).default(DEFAULTS.BATCH_MODEL),
  BATCH_WINDOW: z
    .string()
    .regex(/^\d+h$/, 'must be a number of hours, such as 1h or 24h')
    .default(DEFAULTS.BATCH_WINDOW),
  BATCH_SYSTEM_PROMPT: z.string().default(DEFAULTS.BATCH_SYSTEM_PROMPT),
  BATCH_MAX_TOKENS: wholeNumber(16, 256_000).default(DEFAULTS.BATCH_MAX_TOKENS),
  POLL_INTERVAL_MS: wholeNumber(50, 3_600_000).default(DEFAULTS.POLL_INTERVAL_MS),
  AGENT_NAME: z.string().max(100, 'must be at most 100 characters').default(DEFAULTS.AGENT_NAME),
  AGENT_LANGUAGE: z
    .string()
    .toLowerCase()
    .superRefine((value, context) => {
      if (/^[a-z]{2}$/.test(value)) return;
      const [base = ''] = value.split(/[-_]/);
      const cure =
        /^[a-z]{2}$/.test(base) && base !== value ? `leave out the region: ${base}` : 'such as en or de';
      context.addIssue({ code: 'custom', message: `must be a two-letter ISO 639-1 code: ${cure}` });
    })
    .default(DEFAULTS.AGENT_LANGUAGE),
  GREETING: z.string().max(1000, 'must be at most 1000 characters: it is spoken').default(DEFAULTS.GREETING),
  PERSONA_FILE: text,
  TOOLS: text,
  TASKS_FILE: z.string().default(DEFAULTS.TASKS_FILE),
  TASK_OWNER: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['identity', 'room'], { error: 'must be identity or room' }))
    .default(DEFAULTS.TASK_OWNER),
  TASKS_KEEP_DAYS: wholeNumber(0, 36_500).default(DEFAULTS.TASKS_KEEP_DAYS),
  RECORDINGS_DIR: z.string().default(DEFAULTS.RECORDINGS_DIR),
  RECORD_CALLS: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['yes', 'no'], { error: 'must be yes or no' }))
    .default(DEFAULTS.RECORD_CALLS),
  WORKERS: wholeNumber(0, 256).optional(),
  CALLS_PER_WORKER: wholeNumber(1, 30).default(DEFAULTS.CALLS_PER_WORKER),
  WORKER_MEMORY_MB: wholeNumber(512, 65_536).default(DEFAULTS.WORKER_MEMORY_MB),
  IDLE_LIMIT_MS: wholeNumber(0, 86_400_000).default(DEFAULTS.IDLE_LIMIT_MS),
  CALL_LIMIT_MS: wholeNumber(0, 86_400_000).default(DEFAULTS.CALL_LIMIT_MS),
  DRAIN_MS: wholeNumber(0, 86_400_000).default(DEFAULTS.DRAIN_MS),
  REDIS_URL: z
    .string()
    .refine((value) => URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol), {
      message: 'must be a redis or rediss URL, such as redis://127.0.0.1:6379',
    })
    .refine(hasDecodablePassword, {
      message: 'holds a "%" as it is: percent-encode the password (a "%" is written %25)',
    })
    .optional(),
  ROOM_PATTERN: z
    .string()
    .refine(isPattern, { message: 'must be a regular expression for the whole name, such as support-.*' })
    .optional(),
  ROOM_METADATA: z
    .string()
    .regex(/^[^=\s]+(=.*)?$/, 'must be key or key=value, such as agent=voice')
    .optional(),
  RECONCILE_MS: wholeNumber(500, 3_600_000).optional(),
  DISPATCH_AGENT_NAME: z
    .string()
    .max(100, 'must be at most 100 characters')
    .default(DEFAULTS.DISPATCH_AGENT_NAME),
  HTTP_HOST: word('0.0.0.0').optional(),
  PORT: wholeNumber(0, 65_535).default(DEFAULTS.PORT),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' }))
    .default(DEFAULTS.LOG_LEVEL),
});

export type Settings = z.infer<typeof schema>;

/** Every variable that the configuration knows. */
export const SETTING_NAMES: readonly string[] = Object.keys(schema.shape);

/** Variables whose values are secret. */
export const SECRET_NAMES = [
  'LIVEKIT_API_SECRET',
  'ANTHROPIC_API_KEY',
  'ELEVENLABS_API_KEY',
  'ELEVEN_API_KEY',
  'DOUBLEWORD_API_KEY',
  'REDIS_URL',
] as const satisfies readonly (keyof Settings)[];

/** Reads each variable; white space around a value is dropped and an empty value counts as not set. */
export function readSettings(env: Environment): {
  settings: Settings | undefined;
  problems: readonly string[];
} {
  const raw: Record<string, string> = {};
  for (const name of SETTING_NAMES) {
    const value = env[name]?.trim();
    if (value) raw[name] = value;
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { settings: parsed.data, problems: [] };
  // A value can break two rules at once; one cure at a time is enough.
  const problems = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const name = String(issue.path[0]);
    if (!problems.has(name)) problems.set(name, `${name} ${issue.message}.`);
  }
  return { settings: undefined, problems: [...problems.values()] };
}
