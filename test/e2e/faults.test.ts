import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../../src/caller/fixture.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { MISHEARD, misheard } from '../support/misheard.ts';
import { type Call, createRig, type Rig } from './rig.ts';
import { told } from './told.ts';

const PATIENCE_MS = 30_000;
/** More than any client tries: the fault lasts until it is cleared. */
const FOR_GOOD = 1_000;
const { modelFailed, cannotHear } = defaultConversationOptions.lines;

// A machine that is busy with something else tears holes into the sound: a call of which too little is left is held again.
describe('when a vendor fails', { timeout: 120_000, retry: 2 }, () => {
  let rig: Rig;
  let calls = 0;

  beforeAll(async () => {
    rig = await createRig();
  });

  afterEach(async () => {
    await rig.hangUp();
    rig.elevenLabs.clearFaults();
    rig.claude.clearFaults();
    rig.doubleword.control.clearFaults();
    for (const { id } of rig.doubleword.control.batches()) rig.doubleword.control.forget(id);
  });

  afterAll(() => rig?.close());

  /** A call whose greeting is over, in a room that no other attempt had. */
  async function begin(room: string): Promise<Call> {
    const call = await rig.call(`${room}-${calls++}`);
    await call.caller.agentStarts(0, PATIENCE_MS);
    await call.caller.agentStops(800, PATIENCE_MS);
    return call;
  }

  async function ask({ caller }: Call, name: string): Promise<number> {
    const { endMs } = await caller.say((await fixture(name)).pcm);
    return endMs;
  }

  /** Waits until it has been said, in these words, and holds the caller's ear to them. */
  async function hears(call: Call, words: string | RegExp, sinceMs: number): Promise<void> {
    const isIt = (line: string) => (typeof words === 'string' ? line === words : words.test(line));
    const lines = () => told(call, sinceMs);
    await expect.poll(lines, { timeout: PATIENCE_MS }).toSatisfy((all: readonly string[]) => all.some(isIt));
    await call.caller.agentStops(800, PATIENCE_MS);
    await call.caller.understood(PATIENCE_MS);
    expect(misheard(lines().find(isIt) ?? '', call.caller.words(sinceMs))).toBeLessThan(MISHEARD);
  }

  it('the voice dies in mid-word: the sentence is spoken to its end', async () => {
    const call = await begin('tts-drop');
    rig.elevenLabs.failNext({ service: 'tts', at: 'audio', afterMs: 600, do: 'drop' });
    await hears(call, /France is Paris\.$/, await ask(call, 'capital-of-france'));
  });

  it('the voice stays dead: that is said from memory, and the call goes on', async () => {
    const call = await begin('tts-dead');
    rig.elevenLabs.failNext({ service: 'tts', at: 'text', do: 'drop' }, FOR_GOOD);
    const askedMs = await ask(call, 'capital-of-france');
    await hears(call, 'Sorry, my voice is failing me. Please give me a moment.', askedMs);
    rig.elevenLabs.clearFaults();
    await hears(call, 'The capital of Italy is Rome.', await ask(call, 'capital-of-italy'));
  });

  it('the ears lose their connection in mid-sentence: no word is lost', async () => {
    const call = await begin('stt-drop');
    rig.elevenLabs.failNext({ service: 'stt', at: 'commit', do: 'drop' });
    await hears(call, 'The capital of France is Paris.', await ask(call, 'capital-of-france'));
  });

  it('the ears refuse the key: the caller is told, and can type', async () => {
    const call = await begin('stt-auth');
    rig.elevenLabs.failNext({ service: 'stt', at: 'commit', do: 'error', error: 'auth_error' });
    await hears(call, cannotHear, await ask(call, 'capital-of-france'));
    const typedMs = rig.clock.now();
    await call.caller.type('What is the capital of Italy?');
    await hears(call, 'The capital of Italy is Rome.', typedMs);
  });

  it('the model is overloaded: the caller hears an apology instead of silence', async () => {
    const call = await begin('llm-down');
    rig.claude.failNext({ kind: 'status', status: 529 }, FOR_GOOD);
    await hears(call, modelFailed, await ask(call, 'capital-of-france'));
  });

  it('the batch service refuses the task: the caller is told honestly', async () => {
    const call = await begin('batch-refused');
    rig.doubleword.control.failNext('files.create', { kind: 'unavailable' }, FOR_GOOD);
    await hears(call, /^I am sorry, I could not start that task\./, await ask(call, 'business-plan'));
    expect(rig.doubleword.control.batches()).toEqual([]);
  });

  it('the batch brings nonsense: the task is announced as failed', async () => {
    const call = await begin('batch-malformed');
    await hears(call, /^I have started working on/, await ask(call, 'business-plan'));
    for (const { id } of rig.doubleword.control.batches())
      rig.doubleword.control.complete(id, { content: null });
    const finishedMs = rig.clock.now();
    await hears(call, /^Sorry, your task '.+' has failed\./, finishedMs);
    expect(call.events.find((event) => event.type === 'task.finished')).toMatchObject({
      task: { status: 'failed' },
    });
  });
});
