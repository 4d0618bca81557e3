import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { VoiceAgentError } from '../errors.ts';
import type { Config, DispatchConfig, LiveKitConfig } from './config.ts';
import type { Environment } from './environment.ts';
import { isLoopback } from './isLoopback.ts';
import { type KeyFlags, type KeyRule, keyRule, type Mode } from './mode.ts';
import { readPersona } from './persona.ts';
import { readSettings, type Settings } from './settings.ts';

export interface LoadOptions extends KeyFlags {
  readonly mode: Mode;
  /** Folder that relative paths start from; the working folder by default. */
  readonly folder?: string;
}

/** Throws one `VA_CONFIG` that lists every problem, a line each, with its cure. */
export function loadConfig(env: Environment, options: LoadOptions): Config {
  const folder = options.folder ?? process.cwd();
  const rule = keyRule(options.mode, options);
  const wayOut = options.requireKeys ? 'start without --require-keys' : 'add --offline';
  const get = (name: keyof Settings) => env[name]?.trim() || undefined;
  const personaFile = get('PERSONA_FILE');
  const persona = personaFile === undefined ? undefined : readPersona(resolve(folder, personaFile));
  const { settings, problems } = readSettings(env);
  const all = [
    ...problems,
    ...liveKitProblems(get, rule, wayOut),
    ...keyProblems(get, rule, wayOut),
    ...(persona && 'problem' in persona ? [persona.problem] : []),
  ];
  if (!settings || all.length > 0) throw new VoiceAgentError('VA_CONFIG', report(all));
  return build(settings, rule, folder, persona && 'text' in persona ? persona.text : undefined);
}

type Get = (name: keyof Settings) => string | undefined;

const LIVEKIT = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const;

function liveKitProblems(get: Get, rule: KeyRule, wayOut: string): string[] {
  const missing = LIVEKIT.filter((name) => get(name) === undefined);
  if (missing.length === 0) return [];
  if (missing.length < LIVEKIT.length) {
    const set = LIVEKIT.filter((name) => get(name) !== undefined);
    return [
      `${list(missing)} ${missing.length > 1 ? 'are' : 'is'} missing: ` +
        `set all three LIVEKIT_ variables, or leave out ${list(set)} for a local room.`,
    ];
  }
  if (rule !== 'required') return [];
  return [
    'LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are missing: set them to the server whose rooms to join, ' +
      `or ${wayOut}.`,
  ];
}

function keyProblems(get: Get, rule: KeyRule, wayOut: string): string[] {
  if (rule !== 'required') return [];
  const missing = (present: string | undefined, name: string, where: string) =>
    present === undefined
      ? [`${name} is missing: create a key at ${where}, or ${wayOut} for the stand-in.`]
      : [];
  return [
    ...missing(get('ANTHROPIC_API_KEY'), 'ANTHROPIC_API_KEY', 'https://console.anthropic.com'),
    ...missing(
      get('ELEVENLABS_API_KEY') ?? get('ELEVEN_API_KEY'),
      'ELEVENLABS_API_KEY',
      'https://elevenlabs.io',
    ),
    ...missing(get('DOUBLEWORD_API_KEY'), 'DOUBLEWORD_API_KEY', 'https://app.doubleword.ai'),
  ];
}

function build(settings: Settings, rule: KeyRule, folder: string, persona: string | undefined): Config {
  const elevenLabsKey = settings.ELEVENLABS_API_KEY ?? settings.ELEVEN_API_KEY;
  const standIn = (key: string | undefined) => rule === 'standIn' && key === undefined;
  return {
    livekit: liveKit(settings),
    claude: {
      apiKey: settings.ANTHROPIC_API_KEY,
      baseUrl: settings.ANTHROPIC_BASE_URL,
      model: settings.LLM_MODEL,
      maxTokens: settings.MAX_REPLY_TOKENS,
    },
    elevenLabs: {
      apiKey: elevenLabsKey,
      baseUrl: settings.ELEVENLABS_BASE_URL,
      voiceId: settings.ELEVEN_VOICE_ID,
      ttsModel: settings.TTS_MODEL,
      sttModel: settings.STT_MODEL,
      language: settings.AGENT_LANGUAGE,
    },
    doubleword: {
      apiKey: settings.DOUBLEWORD_API_KEY,
      baseUrl: settings.DOUBLEWORD_BASE_URL,
      model: settings.BATCH_MODEL,
      window: settings.BATCH_WINDOW,
      systemPrompt: settings.BATCH_SYSTEM_PROMPT,
      maxTokens: settings.BATCH_MAX_TOKENS,
      pollIntervalMs: settings.POLL_INTERVAL_MS,
    },
    agent: {
      name: settings.AGENT_NAME,
      greeting: settings.GREETING,
      persona,
      toolFiles: paths(settings.TOOLS, folder),
      language: settings.AGENT_LANGUAGE,
    },
    files: {
      tasks: resolve(folder, settings.TASKS_FILE),
      recordings: resolve(folder, settings.RECORDINGS_DIR),
      recordCalls: settings.RECORD_CALLS === 'yes',
    },
    tasks: { owner: settings.TASK_OWNER, keepDays: settings.TASKS_KEEP_DAYS },
    calls: {
      workers: settings.WORKERS ?? defaultWorkers(settings, standIn),
      perWorker: settings.CALLS_PER_WORKER,
      workerMemoryMb: settings.WORKER_MEMORY_MB,
      idleMs: settings.IDLE_LIMIT_MS,
      longestMs: settings.CALL_LIMIT_MS,
      drainMs: settings.DRAIN_MS,
    },
    dispatch: dispatch(settings),
    logLevel: settings.LOG_LEVEL,
    offline: {
      claude: standIn(settings.ANTHROPIC_API_KEY),
      elevenLabs: standIn(elevenLabsKey),
      doubleword: standIn(settings.DOUBLEWORD_API_KEY),
    },
  };
}

/** One for each core in production; none where somebody tries the program out: fewer processes start faster. */
function defaultWorkers(settings: Settings, standIn: (key: string | undefined) => boolean): number {
  const livekit = liveKit(settings);
  const keys = [
    settings.ANTHROPIC_API_KEY,
    settings.ELEVENLABS_API_KEY ?? settings.ELEVEN_API_KEY,
    settings.DOUBLEWORD_API_KEY,
  ];
  if (!livekit || isLoopback(livekit.url) || keys.some(standIn)) return 0;
  return availableParallelism();
}

function dispatch(settings: Settings): DispatchConfig {
  const { ROOM_PATTERN: pattern, ROOM_METADATA: metadata } = settings;
  const [key = '', ...value] = metadata?.split('=') ?? [];
  return {
    rooms: {
      name: pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u'),
      metadata:
        metadata === undefined ? undefined : { key, value: value.length > 0 ? value.join('=') : undefined },
    },
    redisUrl: settings.REDIS_URL,
    reconcileMs: settings.RECONCILE_MS,
    agentName: settings.DISPATCH_AGENT_NAME,
    http: { host: settings.HTTP_HOST, port: settings.PORT },
  };
}

function liveKit(settings: Settings): LiveKitConfig | undefined {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = settings;
  return url && apiKey && apiSecret ? { url, apiKey, apiSecret } : undefined;
}

/** Paths with commas between them. */
function paths(list: string | undefined, folder: string): string[] {
  return (list ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map((path) => resolve(folder, path));
}

function report(problems: readonly string[]): string {
  const head =
    problems.length === 1 ? 'One setting needs attention' : `${problems.length} settings need attention`;
  return [
    `${head} (environment or .env; .env.example explains each):`,
    ...problems.map((line) => `  - ${line}`),
  ].join('\n');
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
