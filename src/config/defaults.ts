/** What holds when a variable is not set; `.env.example` shows the same values. */
export const DEFAULTS = {
  ANTHROPIC_BASE_URL: 'https://api.anthropic.com',
  LLM_MODEL: 'claude-haiku-5-5',
  MAX_REPLY_TOKENS: 1024,
  ELEVENLABS_BASE_URL: 'https://api.elevenlabs.io',
  /** "George": the voice of ElevenLabs' own documentation, open to every account. */
  ELEVEN_VOICE_ID: 'JBFqnCBsd6RMkjVDRZzb',
  TTS_MODEL: 'eleven_flash_v2_5',
  STT_MODEL: 'scribe_v2_realtime',
  DOUBLEWORD_BASE_URL: 'https://api.doubleword.ai/v1',
  BATCH_MODEL: 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8',
  BATCH_WINDOW: '1h',
  BATCH_SYSTEM_PROMPT:
    'You are a professional assistant. Complete the task thoroughly and professionally. ' +
    'Structure a long answer in sections with short headings.',
  BATCH_MAX_TOKENS: 4096,
  POLL_INTERVAL_MS: 10_000,
  AGENT_NAME: 'Assistant',
  AGENT_LANGUAGE: 'en',
  GREETING: 'Hello! I am your voice assistant. How can I help you today?',
  TASKS_FILE: 'tasks_results.json',
  TASK_OWNER: 'identity',
  RECORDINGS_DIR: 'recordings',
  RECORD_CALLS: 'no',
  CALLS_PER_WORKER: 30,
  WORKER_MEMORY_MB: 1024,
  IDLE_LIMIT_MS: 900_000,
  CALL_LIMIT_MS: 7_200_000,
  DRAIN_MS: 60_000,
  DISPATCH_AGENT_NAME: '',
  PORT: 8080,
  LOG_LEVEL: 'info',
} as const;
