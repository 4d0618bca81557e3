import { demoCall } from '../../src/caller/demoCall.ts';
import { fixture } from '../../src/caller/fixture.ts';
import { sleep } from '../../src/time/sleep.ts';
import type { Call, Rig } from '../e2e/rig.ts';

type Scenario = (rig: Rig, call: Call) => Promise<void>;

const PATIENCE_MS = 20_000;
const QUIET_MS = 1_200;

async function greeted({ caller }: Call): Promise<void> {
  await caller.agentStarts(0, PATIENCE_MS);
  await caller.agentStops(QUIET_MS, PATIENCE_MS);
}

/** Says it and waits until the answer is heard to begin. */
async function ask({ caller }: Call, name: string): Promise<void> {
  const { endMs } = await caller.say((await fixture(name)).pcm);
  await caller.agentStarts(endMs, PATIENCE_MS);
}

async function quiet({ caller }: Call, ms = QUIET_MS): Promise<void> {
  await caller.agentStops(ms, 60_000);
}

/** Calls that are worth keeping: one for each thing that the conversation core has to decide. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'demo-call': async (rig, call) => {
    await demoCall({
      caller: call.caller,
      clock: rig.clock,
      sentence: fixture,
      finishTask: () => rig.finishTasks(),
      taskTimeoutMs: 30_000,
      onSay: () => {},
    });
  },

  'barge-in': async (rig, call) => {
    await greeted(call);
    await ask(call, 'history-of-coffee');
    await sleep(rig.clock, 2_500);
    await ask(call, 'stop-wait');
    await quiet(call);
    // Before the answer is audible, and while it begins.
    await call.caller.say((await fixture('capital-of-france')).pcm);
    await sleep(rig.clock, 300);
    await ask(call, 'capital-of-italy');
    await quiet(call);
  },

  backchannels: async (rig, call) => {
    await greeted(call);
    await ask(call, 'history-of-coffee');
    for (const name of ['mm-hmm', 'yeah', 'mm-hmm']) {
      await sleep(rig.clock, 2_500);
      await call.caller.say((await fixture(name)).pcm);
    }
    await sleep(rig.clock, 2_500);
    await ask(call, 'stop-wait');
    await quiet(call);
  },

  'notice-over-own-speech': async (rig, call) => {
    await greeted(call);
    await ask(call, 'business-plan');
    await quiet(call);
    await ask(call, 'history-of-coffee');
    await sleep(rig.clock, 2_500);
    rig.finishTasks();
    await call.caller.hears(/ready/i, rig.clock.now(), PATIENCE_MS);
    await quiet(call);
    await ask(call, 'yes-read-it');
    await sleep(rig.clock, 4_000);
  },

  'notice-over-user-speech': async (rig, call) => {
    await greeted(call);
    await ask(call, 'business-plan');
    await quiet(call);
    // The batch is looked at once a second: its end falls on the caller's words.
    rig.finishTasks();
    await ask(call, 'pause-for-thought');
    await quiet(call, 2_500);
  },

  'typed-chat': async (rig, call) => {
    await greeted(call);
    await call.caller.type('What is the capital of Italy?');
    await call.caller.agentStarts(rig.clock.now(), PATIENCE_MS);
    await quiet(call);
    await ask(call, 'history-of-coffee');
    await sleep(rig.clock, 2_000);
    await call.caller.type('Stop. What is two plus two?');
    await sleep(rig.clock, 500);
    await call.caller.agentStarts(rig.clock.now(), PATIENCE_MS);
    await quiet(call);
  },

  'ears-fail': async (rig, call) => {
    await greeted(call);
    rig.elevenLabs.failNext({ service: 'stt', at: 'commit', do: 'drop' });
    await ask(call, 'capital-of-france');
    await quiet(call);
    rig.elevenLabs.failNext({ service: 'stt', at: 'commit', do: 'error', error: 'auth_error' });
    await ask(call, 'capital-of-italy');
    await quiet(call);
    await call.caller.type('What is the capital of Italy?');
    await call.caller.agentStarts(rig.clock.now(), PATIENCE_MS);
    await quiet(call);
  },

  'voice-fails': async (rig, call) => {
    await greeted(call);
    rig.elevenLabs.failNext({ service: 'tts', at: 'audio', afterMs: 600, do: 'drop' });
    await ask(call, 'capital-of-france');
    await quiet(call);
    rig.elevenLabs.failNext({ service: 'tts', at: 'text', do: 'drop' }, 4);
    await ask(call, 'capital-of-italy');
    await quiet(call);
  },

  'model-fails': async (rig, call) => {
    await greeted(call);
    rig.claude.failNext({ kind: 'status', status: 529 }, 5);
    await ask(call, 'capital-of-france');
    await quiet(call, 4_000);
    rig.claude.failNext({ kind: 'stream', how: 'end', afterDeltas: 3 }, 5);
    await ask(call, 'history-of-coffee');
    await quiet(call, 4_000);
    await ask(call, 'two-plus-two');
    await quiet(call);
  },
};
