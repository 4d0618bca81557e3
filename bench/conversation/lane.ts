import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from '../../src/app/agent.ts';
import { agentIdentity, type Venue } from '../../src/app/venue.ts';
import { INPUT_RATE } from '../../src/audio/format.ts';
import { Caller } from '../../src/caller/caller.ts';
import type { SoundSpan } from '../../src/caller/soundSpans.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createOfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { say } from '../../src/offline/claude/plannedReply.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { serve } from '../../src/offline/serve.ts';
import type { Voice } from '../../src/offline/voice.ts';
import type { Recogniser } from '../../src/perception/recogniser.ts';
import type { TaskDesk } from '../../src/tasks/taskDesk.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Clock } from '../../src/time/clock.ts';
import { createElevenLabsTts } from '../../src/tts/elevenLabsTts.ts';
import { cannedRecogniser } from '../latency/cannedRecogniser.ts';
import { standInSettings } from '../standInSettings.ts';
import { CallLog } from './callLog.ts';
import { HeardStream } from './heardStream.ts';
import { Loudspeaker } from './loudspeaker.ts';
import { type Reference, reference } from './reference.ts';
import { SaidWords } from './saidWords.ts';
import { ANSWER, GREETING } from './script.ts';
import { throughMicrophone } from './throughMicrophone.ts';
import type { TimedClip } from './timedClip.ts';
import type { VendorTimes } from './vendorTimes.ts';

export interface LaneOptions {
  readonly name: string;
  readonly venue: Venue;
  readonly clock: Clock;
  readonly log: Logger;
  readonly times: VendorTimes;
  readonly voice: Voice;
  /** The agent's local ears. */
  readonly ears: Recogniser;
  /** Hears for the speech-to-text vendor; without one, words come from memory. */
  readonly vendorEars?: Recogniser;
  /** What the agent will say, beside the greeting and the usual answer: made before, so that no call waits for it. */
  readonly texts: readonly string[];
  /** The caller's loudspeaker can be heard in the caller's microphone. */
  readonly loudspeaker?: boolean;
}

/** One call under measurement, with vendors of its own. */
export interface Lane {
  readonly clock: Clock;
  readonly caller: Caller;
  readonly heard: HeardStream;
  readonly log: CallLog;
  readonly tasks: TaskDesk;
  readonly loudspeaker: Loudspeaker | undefined;
  /** What the model answers from now on. */
  answer(text: string): void;
  say(clip: TimedClip): Promise<SoundSpan>;
  /** How the agent's voice speaks one of the lane's texts. */
  spoken(text: string): Reference;
  /** Ends the task of a job now. */
  finish(jobId: string): void;
  hangUp(): Promise<void>;
}

export const CALLER = 'caller';

/** The whole agent in a call; the vendors are stand-ins that answer from memory, exactly as late as they are told. */
export async function openLane(options: LaneOptions): Promise<Lane> {
  const { clock, log, times, venue } = options;
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-bench-'));
  const said = new SaidWords(clock);
  let answer = ANSWER;
  const elevenLabs = createOfflineElevenLabs({
    recogniser: options.vendorEars ?? said,
    voice: options.voice,
    latency: { sttSessionMs: 0 },
    limits: { sttPartialFromMs: Number.POSITIVE_INFINITY },
  });
  const claude = createOfflineClaude({ replier: () => say(answer) });
  const doubleword = createOfflineDoubleword({ turnaround: { ms: 3_600_000 } });
  const server = await serve([elevenLabs, claude, doubleword]);
  const config = loadConfig(
    {
      ...standInSettings(server.origin),
      POLL_INTERVAL_MS: '100',
      GREETING,
    },
    { mode: 'start', folder },
  );
  const rehearsal = createElevenLabsTts({
    ...config.elevenLabs,
    apiKey: 'bench',
    model: config.elevenLabs.ttsModel,
    clock,
    log,
  });
  const references = new Map<string, Reference>();
  for (const text of [GREETING, ANSWER, ...options.texts])
    references.set(text, await reference(rehearsal, text));
  await rehearsal.close();

  elevenLabs.setLatency({ sttCommitMs: times.stt, ttsFirstByteMs: times.tts });
  claude.setLatency({ firstTokenMs: times.llm });
  const agent = await createAgent(config, { clock, log, recogniser: options.ears });
  const room = `bench-${options.name}`;
  const joined = await venue.join({ room, identity: CALLER, kind: 'person', outputRate: INPUT_RATE });
  const loudspeaker = options.loudspeaker === true ? new Loudspeaker(joined, clock) : undefined;
  const callerRoom = loudspeaker ? throughMicrophone(joined, loudspeaker) : joined;
  const heard = new HeardStream(callerRoom, clock);
  // The caller only measures; understanding would cost processor time.
  const caller = new Caller({ room: callerRoom, clock, recogniser: cannedRecogniser(() => '') });
  const agentRoom = await venue.join({ room, identity: agentIdentity(), kind: 'agent' });
  const callLog = new CallLog();
  const session = await agent.serve(agentRoom, [callLog]);

  return {
    clock,
    caller,
    heard,
    log: callLog,
    tasks: agent.tasks,
    loudspeaker,
    answer(text) {
      answer = text;
    },
    say(clip) {
      said.saying(clip.words);
      return caller.say(clip.pcm);
    },
    spoken(text) {
      const found = references.get(text);
      if (!found) throw new RangeError(`not among the lane's texts: ${text}`);
      return found;
    },
    finish: (jobId) => doubleword.control.complete(jobId, 'Done.'),
    async hangUp() {
      loudspeaker?.close();
      await caller.hangUp();
      await session.hangUp();
      await agent.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
