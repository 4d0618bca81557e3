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
  readonly tasks: {
    /** Who is told of a task's end: the participant who asked for it, or whoever is in the same room. */
    readonly owner: 'identity' | 'room';
    /** Days for which an ended task is kept; 0: for ever. */
    readonly keepDays: number;
  };
  readonly calls: CallsConfig;
  readonly dispatch: DispatchConfig;
  readonly logLevel: LogLevel;
  /** Whose stand-in is used, because there is no key and the command allows it. */
  readonly offline: { readonly claude: boolean; readonly elevenLabs: boolean; readonly doubleword: boolean };
}

export interface LiveKitConfig {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Which rooms get an agent, and how we hear of them. */
export interface DispatchConfig {
  readonly rooms: RoomRules;
  /** Redis that several servers share; undefined: this one works alone. */
  readonly redisUrl: string | undefined;
  /** Milliseconds between two looks at the room list; undefined: as often as lost webhooks make it necessary. */
  readonly reconcileMs: number | undefined;
  /** Name by which LiveKit's own dispatch asks for us; empty: for every room. */
  readonly agentName: string;
  readonly http: {
    /** Address to listen at; undefined: loopback where LiveKit is on this machine too, otherwise every interface. */
    readonly host: string | undefined;
    readonly port: number;
  };
}

/** Undefined: no such requirement. */
export interface RoomRules {
  /** Matches the whole name. */
  readonly name: RegExp | undefined;
  /** The room's metadata is a JSON object with this key; `value`: and with this value, written as text. */
  readonly metadata: { readonly key: string; readonly value: string | undefined } | undefined;
}

/** How calls are run, and how long they may be. */
export interface CallsConfig {
  /** Worker processes; 0: calls run in the main process. */
  readonly workers: number;
  /** Most calls of one process. */
  readonly perWorker: number;
  /** Memory above which a worker gets no new calls and is replaced when its last one is over; MB of RSS. */
  readonly workerMemoryMb: number;
  /** Silence of both sides after which a call is ended; 0: no limit. Ms. */
  readonly idleMs: number;
  /** Longest call; 0: no limit. Ms. */
  readonly longestMs: number;
  /** How long running calls may go on when the program is told to stop, ms. */
  readonly drainMs: number;
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
  /** Modules with tools of your own: `TOOLS`, or `--tools`. */
  readonly toolFiles: readonly string[];
  /** ISO 639-1. */
  readonly language: string;
}
