import type { Config } from '../config/config.ts';
import { type ConversationOptions, defaultConversationOptions } from '../conversation/options.ts';
import { createClaude } from '../llm/claude.ts';
import { systemPrompt } from '../llm/prompt.ts';
import type { Recogniser } from '../perception/recogniser.ts';
import { createSileroDetector } from '../perception/sileroDetector.ts';
import type { Room } from '../room/room.ts';
import { Session, type SessionObserver } from '../session/session.ts';
import { createElevenLabsStt } from '../stt/elevenLabsStt.ts';
import { createDoubleword } from '../tasks/doubleword.ts';
import { createJsonTaskStore } from '../tasks/jsonTaskStore.ts';
import { createTaskDesk, type TaskDesk } from '../tasks/taskDesk.ts';
import { voiceTools } from '../tasks/voiceTools.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { createToolBox } from '../tools/toolBox.ts';
import { createElevenLabsTts } from '../tts/elevenLabsTts.ts';
import { taskNews } from './taskNews.ts';

/** The agent of one process: what all its calls share, and how a call is made of it. */
export interface Agent {
  readonly tasks: TaskDesk;
  /** What every call runs with. */
  readonly options: ConversationOptions;
  /** Takes a room over: the call runs until the last person has left, or until it is hung up. */
  serve(room: Room, observers?: readonly SessionObserver[]): Promise<Session>;
  /** Asks each vendor for one cheap thing; rejects with the first error, whose message names the cure. */
  check(signal?: AbortSignal): Promise<void>;
  /** Ends what calls share. Calls are hung up before. */
  close(): Promise<void>;
}

/**
 * Every key of `config` is set: the caller has put stand-ins where there was none. `recogniser` is shared by all calls and
 * belongs to the caller.
 */
export async function createAgent(
  config: Config,
  { clock, log, recogniser }: { clock: Clock; log: Logger; recogniser: Recogniser },
): Promise<Agent> {
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
  const api = createDoubleword({ ...doubleword, apiKey: doubleword.apiKey ?? '', clock, log });
  const store = createJsonTaskStore(config.files.tasks, { log });
  const tasks = createTaskDesk({
    api,
    store,
    clock,
    log,
    pollIntervalMs: doubleword.pollIntervalMs,
  });
  await tasks.start();
  const system = systemPrompt({
    language: config.agent.language,
    agentName: config.agent.name,
    ...(config.agent.persona === undefined ? {} : { persona: config.agent.persona }),
  });
  const options = { ...defaultConversationOptions, greeting: config.agent.greeting };

  return {
    tasks,
    options,
    async serve(room, observers = []) {
      const detector = await createSileroDetector();
      return new Session({
        room,
        stt,
        tts: tts(),
        llm,
        detector,
        // The local recogniser knows English only; elsewhere length and the vendor's words decide.
        recogniser: config.agent.language === 'en' ? recogniser : undefined,
        // The ledger of side effects counts the turns of one call.
        tools: createToolBox(voiceTools(tasks), { clock }),
        tasks: taskNews(tasks),
        system,
        options,
        clock,
        log: log.child({ room: room.name }),
        observers,
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
    async close() {
      await tasks.stop();
    },
  };
}
