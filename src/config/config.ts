import type { LogLevel } from '../telemetry/log.ts';

/** Everything that can be set, read once at start. Paths are absolute; base URLs have no slash at the end. */
export interface Config {
  /** Undefined: no LiveKit is configured, a local one is found or made. */
  readonly livekit: LiveKitConfig | undefined;
  readonly claude: ClaudeConfig;
  readonly elevenLabs: ElevenLabsConfig;
  readonly doubleword: DoublewordConfig;
  readonly agent: AgentConfig;
  readonly files: {
    /** Where tasks are kept, `tasks_results.json` by default. */
    readonly tasks: string;
    /** Folder for recordings of calls. */
    readonly recordings: string;
    /** Whether every call is recorded there, event by event, for `voice-agent replay`. */
    readonly recordCalls: boolean;
  };
  readonly logLevel: LogLevel;
  /** Whose stand-in is used, because there is no key and the command allows it. */
  readonly offline: { readonly claude: boolean; readonly elevenLabs: boolean; readonly doubleword: boolean };
}

export interface LiveKitConfig {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface ClaudeConfig {
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly model: string;
  /** Most tokens of one reply. */
  readonly maxTokens: number;
}

export interface ElevenLabsConfig {
  readonly apiKey: string | undefined;
  /** An origin; the sockets use the same host. */
  readonly baseUrl: string;
  readonly voiceId: string;
  readonly ttsModel: string;
  readonly sttModel: string;
  /** ISO 639-1. */
  readonly language: string;
}

export interface DoublewordConfig {
  readonly apiKey: string | undefined;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Completion window asked for, such as `1h`. */
  readonly window: string;
  readonly systemPrompt: string;
  /** Most tokens of one task's result. */
  readonly maxTokens: number;
  readonly pollIntervalMs: number;
}

export interface AgentConfig {
  /** Shown in the room and told to the model. */
  readonly name: string;
  /** The first sentence of every call. */
  readonly greeting: string;
  /** Text of `PERSONA_FILE`; undefined means the built-in persona. */
  readonly persona: string | undefined;
  /** ISO 639-1. */
  readonly language: string;
}
