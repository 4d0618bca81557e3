import type { Config } from '../config/config.ts';
import { type ConversationOptions, defaultConversationOptions } from '../conversation/options.ts';
import { createClaude } from '../llm/claude.ts';
import { systemPrompt } from '../llm/prompt.ts';
import { EchoGuard } from '../perception/echo/echoGuard.ts';
import type { Recogniser } from '../perception/recogniser.ts';
import { createSileroDetector } from '../perception/sileroDetector.ts';
import type { Room } from '../room/room.ts';
import { Session } from '../session/session.ts';
import type { SessionObserver } from '../session/sessionObserver.ts';
import type { SessionParts } from '../session/sessionParts.ts';
import { createElevenLabsStt } from '../stt/elevenLabsStt.ts';
import { createDoubleword } from '../tasks/doubleword.ts';
import { openTaskStore } from '../tasks/openTaskStore.ts';
import { createTaskDesk, type TaskDesk } from '../tasks/taskDesk.ts';
import { VOICE_TOOL_NAMES, voiceTools } from '../tasks/voiceTools.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { loadTools } from '../tools/loadTools.ts';
import type { Tool } from '../tools/tool.ts';
import { createToolBox } from '../tools/toolBox.ts';
import { createElevenLabsTts } from '../tts/elevenLabsTts.ts';
import { SpeechCache } from '../tts/speechCache.ts';
import { taskNews } from './taskNews.ts';

/** The agent of one process: what all its calls share, and how a call is made of it. */
export interface Agent {
  readonly tasks: TaskDesk;
  /** What every call runs with. */
  readonly options: ConversationOptions;
  /** Takes a room over: the call runs until the last person has left, or until it is hung up. */
  serve(room: Room, observers?: readonly SessionObserver[], going?: GoingOn): Promise<Session>;
  /** Asks each vendor for one cheap thing; rejects with the first error, whose message names the cure. */
  check(signal?: AbortSignal): Promise<void>;
  /** Ends what calls share. Calls are hung up before. */
  close(): Promise<void>;
}

/** What a call that goes on elsewhere, or may have to, has beside. */
export type GoingOn = Pick<SessionParts, 'resumed' | 'onHandover'>;

/**
 * Every key of `config` is set: the caller has put stand-ins where there was none. `recogniser` is shared by all calls and
 * belongs to the caller.
 */
export async function createAgent(
  config: Config,
  options: {
    readonly clock: Clock;
    readonly log: Logger;
    readonly recogniser: Recogniser;
    /** Beside those of `config.agent.toolFiles`. */
    readonly tools?: readonly Tool[];
  },
): Promise<Agent> {
  const { clock, log, recogniser, tools: given = [] } = options;
  const taken = [...VOICE_TOOL_NAMES, ...given.map(({ name }) => name)];
  const own = [...given, ...(await loadTools(config.agent.toolFiles, { taken }))];
  const { claude, elevenLabs, doubleword } = config;
  const voice = {
    apiKey: elevenLabs.apiKey ?? '',
    baseUrl: elevenLabs.baseUrl,
    language: elevenLabs.language,
    clock,
    log,
  };
  const llm = createClaude({ ...claude, apiKey: claude.apiKey ?? '', clock, log });
  const stt = createElevenLabsStt({ ...voice, model: elevenLabs.sttModel });
  const tts = () =>
    createElevenLabsTts({ ...voice, voiceId: elevenLabs.voiceId, model: elevenLabs.ttsModel });
  const prepared = new SpeechCache();
  const api = createDoubleword({ ...doubleword, apiKey: doubleword.apiKey ?? '', clock, log });
  const store = await openTaskStore({
    path: config.files.tasks,
    redisUrl: config.dispatch.redisUrl,
    pollIntervalMs: doubleword.pollIntervalMs,
    clock,
    log,
  });
  const tasks = createTaskDesk({
    api,
    store,
    clock,
    log,
    pollIntervalMs: doubleword.pollIntervalMs,
    keepDays: config.tasks.keepDays,
  });
  const tools = [...voiceTools(tasks), ...own];
  const close = () => tasks.stop().finally(() => store.close());
  try {
    await tasks.start();
  } catch (error) {
    // Nobody gets an agent that could be closed, and a connection left open would try for ever.
    await close().catch(() => {});
    throw error;
  }
  const system = systemPrompt({
    language: config.agent.language,
    agentName: config.agent.name,
    ...(config.agent.persona === undefined ? {} : { persona: config.agent.persona }),
  });
  const conversation: ConversationOptions = {
    ...defaultConversationOptions,
    greeting: config.agent.greeting,
    lines: { ...defaultConversationOptions.lines, toolFillers: toolFillers(tools) },
  };

  return {
    tasks,
    options: conversation,
    async serve(room, observers = [], going = {}) {
      const detector = await createSileroDetector();
      return new Session({
        room,
        stt,
        tts: tts(),
        prepared,
        llm,
        detector,
        echo: new EchoGuard(),
        // The local recogniser knows English only; elsewhere length and the vendor's words decide.
        recogniser: config.agent.language === 'en' ? recogniser : undefined,
        // The ledger of side effects counts the turns of one call.
        tools: createToolBox(tools, { clock }),
        tasks: taskNews(tasks),
        taskOwner: config.tasks.owner,
        system,
        options: conversation,
        clock,
        log: log.child({ room: room.name }),
        observers,
        limits: config.calls,
        ...going,
      });
    },
    async check(signal) {
      const probe = tts();
      try {
        await Promise.all([llm.check(signal), api.check(signal), probe.warm()]);
      } finally {
        await probe.close();
      }
    },
    close,
  };
}

/** What is said while a tool keeps the caller waiting. */
function toolFillers(tools: readonly Tool[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tools.flatMap(({ name, filler }) => (filler ? [[name, filler]] : [])));
}
