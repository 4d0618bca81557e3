import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, createAgent } from '../../src/app/agent.ts';
import { agentIdentity, liveKitVenue, localVenue, type Venue } from '../../src/app/venue.ts';
import { INPUT_RATE } from '../../src/audio/format.ts';
import { Caller } from '../../src/caller/caller.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { Command } from '../../src/conversation/command.ts';
import type { TimedEvent } from '../../src/conversation/event.ts';
import { createOfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { createFlite } from '../../src/offline/flite.ts';
import { serve } from '../../src/offline/serve.ts';
import { createMoonshine } from '../../src/perception/moonshine.ts';
import type { Session } from '../../src/session/session.ts';
import type { SessionObserver } from '../../src/session/sessionObserver.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import type { TestLiveKitServer } from '../support/livekitServer.ts';

/** Everything that a call needs, on this machine: vendors' stand-ins, the agent, a venue; real audio all the way. */
export async function createRig(options: { livekit?: TestLiveKitServer; env?: Record<string, string> } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-e2e-'));
  const clock = systemClock;
  const level = process.env.E2E_LOG === 'debug' ? 'debug' : 'error';
  const log = createLogger({ level });
  const recogniser = createMoonshine();
  // Its own: the caller's understanding never keeps the agent's waiting.
  const callersRecogniser = createMoonshine();
  const voice = createFlite();
  const elevenLabs = createOfflineElevenLabs({ recogniser, voice });
  const claude = createOfflineClaude();
  const doubleword = createOfflineDoubleword({ turnaround: { ms: 60_000 } });
  const server = await serve([elevenLabs, claude, doubleword]);
  const config: Config = loadConfig(
    {
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.origin,
      ELEVENLABS_API_KEY: 'test',
      ELEVENLABS_BASE_URL: server.origin,
      DOUBLEWORD_API_KEY: 'test',
      DOUBLEWORD_BASE_URL: `${server.origin}/v1`,
      POLL_INTERVAL_MS: '1000',
      ...options.env,
    },
    { mode: 'start', folder },
  );
  const agent: Agent = await createAgent(config, { clock, log, recogniser });
  const venue: Venue = options.livekit
    ? liveKitVenue(options.livekit, { clock, log })
    : localVenue({ clock, log });
  await Promise.all([recogniser.warm(), callersRecogniser.warm(), voice.warm()]);
  const calls: Call[] = [];
  const hangUp = async () => {
    for (const { caller, session } of calls.splice(0)) {
      await caller.hangUp();
      await session.hangUp();
    }
  };

  return {
    elevenLabs,
    claude,
    doubleword,
    agent,
    clock,
    folder,
    /** What the conversation runs with: recordings keep it. */
    conversation: agent.options,
    /** Finishes every batch that runs, with the vendor's own answer or the given one. */
    finishTasks(answer?: string) {
      for (const { id, status } of doubleword.control.batches()) {
        if (status === 'in_progress' || status === 'validating') doubleword.control.complete(id, answer);
      }
    },
    async call(room: string, observers: readonly SessionObserver[] = []): Promise<Call> {
      const identity = `caller-${room}`;
      const callerRoom = await venue.join({ room, identity, kind: 'person', outputRate: INPUT_RATE });
      const caller = new Caller({ room: callerRoom, clock, recogniser: callersRecogniser });
      const agentRoom = await venue.join({ room, identity: agentIdentity(), name: 'Agent', kind: 'agent' });
      const events: TimedEvent[] = [];
      const commands: Command[] = [];
      const session = await agent.serve(agentRoom, [
        { event: (event) => events.push(event), command: (command) => commands.push(command) },
        ...observers,
      ]);
      const call = { caller, session, events, commands };
      calls.push(call);
      return call;
    },
    /** Ends every call that was begun. */
    hangUp,
    async close() {
      await hangUp();
      await agent.close();
      await server.close();
      await Promise.all([recogniser.close(), callersRecogniser.close(), voice.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Call {
  readonly caller: Caller;
  readonly session: Session;
  readonly events: readonly TimedEvent[];
  readonly commands: readonly Command[];
}

export type Rig = Awaited<ReturnType<typeof createRig>>;
