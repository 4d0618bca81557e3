import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from '../../src/app/agent.ts';
import { agentIdentity, type Venue } from '../../src/app/venue.ts';
import { INPUT_RATE } from '../../src/audio/format.ts';
import { Caller } from '../../src/caller/caller.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { createOfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { say } from '../../src/offline/claude/plannedReply.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { createFlite } from '../../src/offline/flite.ts';
import { serve } from '../../src/offline/serve.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import type { Clock } from '../../src/time/clock.ts';
import { clausesOf } from '../../src/tts/clauses.ts';
import { createElevenLabsTts } from '../../src/tts/elevenLabsTts.ts';
import { READING } from '../reading.ts';
import { standInSettings } from '../standInSettings.ts';
import { CallMarks } from './callMarks.ts';
import { cannedRecogniser } from './cannedRecogniser.ts';
import { cannedVoice } from './cannedVoice.ts';
import { ANSWER } from './script.ts';

/** One call under measurement. */
export interface MeasuredCall {
  readonly caller: Caller;
  readonly marks: CallMarks;
  readonly clock: Clock;
  /** What is recognised as said, and what the model answers, from now on. */
  script(lines: { readonly said: string; readonly answer: string }): void;
  hangUp(): Promise<void>;
}

export interface LatencyRig {
  call(venue: Venue, room: string): Promise<MeasuredCall>;
  close(): Promise<void>;
}

const GREETING = 'Hello! How can I help you today?';

/**
 * The whole agent against vendors that answer at once. They speak the real wire protocols over loopback, but neither
 * recognise nor synthesise while something is measured: that would be their computing on our processor.
 */
export async function createLatencyRig({ clock, log }: { clock: Clock; log: Logger }): Promise<LatencyRig> {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-bench-'));
  const lines = { said: '', answer: ANSWER };
  const recogniser = cannedRecogniser(() => lines.said);
  const voice = cannedVoice(createFlite());
  const server = await serve([
    createOfflineElevenLabs({
      recogniser,
      voice,
      latency: { sttSessionMs: 0, sttCommitMs: 0, ttsFirstByteMs: 0, ttsFrameGapMs: 0 },
      limits: { sttPartialFromMs: Number.POSITIVE_INFINITY },
    }),
    createOfflineClaude({ replier: () => say(lines.answer) }),
    createOfflineDoubleword(),
  ]);
  const config = loadConfig({ ...standInSettings(server.origin), GREETING }, { mode: 'start', folder });
  const agent = await createAgent(config, { clock, log, recogniser });
  const { elevenLabs } = config;
  const rehearsal = createElevenLabsTts({
    ...elevenLabs,
    apiKey: 'bench',
    model: elevenLabs.ttsModel,
    clock,
    log,
  });
  for (const text of [GREETING, ANSWER, READING]) {
    const speech = rehearsal.speak(clausesOf(once(text)), { signal: new AbortController().signal });
    for await (const _ of speech);
  }
  await rehearsal.close();

  return {
    async call(venue, room) {
      const callerRoom = await venue.join({
        room,
        identity: 'caller',
        kind: 'person',
        outputRate: INPUT_RATE,
      });
      // The caller only measures; understanding would cost the processor time that is being measured.
      const caller = new Caller({ room: callerRoom, clock, recogniser: cannedRecogniser(() => '') });
      const agentRoom = await venue.join({ room, identity: agentIdentity(), kind: 'agent' });
      const marks = new CallMarks();
      const session = await agent.serve(agentRoom, [marks]);
      return {
        caller,
        marks,
        clock,
        script: (next) => Object.assign(lines, next),
        async hangUp() {
          await caller.hangUp();
          await session.hangUp();
        },
      };
    },
    async close() {
      await agent.close();
      await server.close();
      await voice.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
