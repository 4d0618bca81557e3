import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../../src/caller/fixture.ts';
import { type Call, createRig, type Rig } from './rig.ts';

const PATIENCE_MS = 20_000;

describe('when a vendor fails', { timeout: 90_000 }, () => {
  let rig: Rig;

  beforeAll(async () => {
    rig = await createRig();
  });

  afterAll(() => rig.close());

  /** A call whose greeting is over. */
  async function begin(room: string): Promise<Call> {
    const call = await rig.call(room);
    await call.caller.agentStarts(0, PATIENCE_MS);
    await call.caller.agentStops(800, PATIENCE_MS);
    return call;
  }

  async function ask({ caller }: Call, name: string): Promise<number> {
    const { endMs } = await caller.say((await fixture(name)).pcm);
    return endMs;
  }

  async function end({ caller, session }: Call): Promise<void> {
    await caller.hangUp();
    await session.hangUp();
  }

  it('the voice dies in mid-word: the sentence is spoken to its end', async () => {
    const call = await begin('tts-drop');
    rig.elevenLabs.failNext({ service: 'tts', at: 'audio', afterMs: 600, do: 'drop' });
    const askedMs = await ask(call, 'capital-of-france');
    expect(await call.caller.hears(/paris/i, askedMs, PATIENCE_MS)).toBeDefined();
    await end(call);
  });

  it('the voice stays dead: that is said from memory, and the call goes on', async () => {
    const call = await begin('tts-dead');
    rig.elevenLabs.failNext({ service: 'tts', at: 'text', do: 'drop' }, 4);
    let askedMs = await ask(call, 'capital-of-france');
    expect(await call.caller.hears(/voice|moment/i, askedMs, PATIENCE_MS)).toBeDefined();
    rig.elevenLabs.clearFaults();
    await call.caller.agentStops(800, PATIENCE_MS);
    askedMs = await ask(call, 'capital-of-italy');
    expect(await call.caller.hears(/rome/i, askedMs, PATIENCE_MS)).toBeDefined();
    await end(call);
  });

  it('the ears lose their connection in mid-sentence: no word is lost', async () => {
    const call = await begin('stt-drop');
    rig.elevenLabs.failNext({ service: 'stt', at: 'commit', do: 'drop' });
    const askedMs = await ask(call, 'capital-of-france');
    expect(await call.caller.hears(/paris/i, askedMs, PATIENCE_MS)).toBeDefined();
    await end(call);
  });

  it('the ears refuse the key: the caller is told, and can type', async () => {
    const call = await begin('stt-auth');
    rig.elevenLabs.failNext({ service: 'stt', at: 'commit', do: 'error', error: 'auth_error' });
    const askedMs = await ask(call, 'capital-of-france');
    expect(await call.caller.hears(/hear|type/i, askedMs, PATIENCE_MS)).toBeDefined();
    await call.caller.agentStops(800, PATIENCE_MS);
    const typedMs = rig.clock.now();
    await call.caller.type('What is the capital of Italy?');
    expect(await call.caller.hears(/rome/i, typedMs, PATIENCE_MS)).toBeDefined();
    await end(call);
  });

  it('the model is overloaded: the caller hears an apology instead of silence', async () => {
    const call = await begin('llm-down');
    rig.claude.failNext({ kind: 'status', status: 529 }, 5);
    const askedMs = await ask(call, 'capital-of-france');
    expect(await call.caller.hears(/trouble|moment/i, askedMs, PATIENCE_MS)).toBeDefined();
    await end(call);
  });

  it('the batch service refuses the task: the caller is told honestly', async () => {
    const call = await begin('batch-refused');
    rig.doubleword.control.failNext('files.create', { kind: 'unavailable' }, 10);
    const askedMs = await ask(call, 'business-plan');
    expect(
      await call.caller.hears(/could not|sorry|not able|failed|unable/i, askedMs, PATIENCE_MS),
    ).toBeDefined();
    expect(rig.doubleword.control.batches()).toEqual([]);
    rig.doubleword.control.clearFaults();
    await end(call);
  });

  it('the batch brings nonsense: the task is announced as failed', async () => {
    const call = await begin('batch-malformed');
    const askedMs = await ask(call, 'business-plan');
    await call.caller.hears(/started|ready/i, askedMs, PATIENCE_MS);
    await call.caller.agentStops(800, PATIENCE_MS);
    for (const { id } of rig.doubleword.control.batches())
      rig.doubleword.control.complete(id, { content: null });
    const finishedMs = rig.clock.now();
    expect(await call.caller.hears(/sorry|failed|try again/i, finishedMs, PATIENCE_MS)).toBeDefined();
    expect(call.events.find((event) => event.type === 'task.finished')).toMatchObject({
      task: { status: 'failed' },
    });
    await end(call);
  });
});
