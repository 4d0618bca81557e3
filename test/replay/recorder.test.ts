import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationEvent } from '../../src/conversation/event.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { initialState } from '../../src/conversation/state.ts';
import { step } from '../../src/conversation/step.ts';
import { createRecorder, type Recorder } from '../../src/telemetry/recorder.ts';
import { replay } from '../../src/telemetry/replay.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { createLinesLogger } from '../support/linesLogger.ts';

const options = defaultConversationOptions;

/** Runs the core as a session does, under observation. */
function converse(recorder: Recorder, events: readonly ConversationEvent[]): void {
  let state = initialState;
  let at = 0.1;
  for (const event of events) {
    const timed = { ...event, at };
    recorder.event(timed);
    const [next, commands] = step(state, timed, options);
    state = next;
    for (const command of commands) recorder.command(command);
    at += 1_000 / 3;
  }
}

const CALL: readonly ConversationEvent[] = [
  { type: 'call.joined' },
  { type: 'speech.started', utteranceId: 'line-1' },
  { type: 'speech.ended', utteranceId: 'line-1', heard: options.greeting, outcome: 'complete' },
  { type: 'user.speechStarted', onsetAgoMs: 100 },
  { type: 'user.speechEnded', silenceMs: 200 },
  { type: 'user.heard', lookId: 'draft-1', text: undefined, ms: 400 },
  { type: 'stt.committed', commitId: 'c1', text: 'My key is sk-1234567890abcdef.' },
  { type: 'timer', name: 'turn.endpoint' },
  { type: 'llm.text', replyId: 'r1', text: 'Keep it "secret".' },
];

describe('a recording', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-agent-recorder-'));
    path = join(folder, 'call.ndjson');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const record = async (events: readonly ConversationEvent[]): Promise<string[]> => {
    const recorder = createRecorder({ path, options, log: silentLogger });
    converse(recorder, events);
    await recorder.close();
    return (await readFile(path, 'utf8')).split('\n');
  };

  it('replays to the same commands', async () => {
    const result = replay(await record(CALL));
    expect(result).toMatchObject({ events: CALL.length, mismatches: [] });
    expect(result.commands).toBeGreaterThan(10);
  });

  it('holds no key that a caller or the model said, and still replays', async () => {
    const lines = await record(CALL);
    expect(lines.join('\n')).not.toContain('sk-1234567890abcdef');
    expect(lines.join('\n')).toContain('[redacted]');
    expect(replay(lines).mismatches).toEqual([]);
  });

  it('shows where a changed core goes another way', async () => {
    const lines = await record(CALL);
    const at = lines.findIndex((line) => line.includes('"type":"speech.play"'));
    const changed = lines.with(at, '{"command":{"type":"speech.duck","utteranceId":"line-1"}}');
    expect(replay(changed).mismatches).toEqual([
      {
        event: { type: 'call.joined', at: 0.1 },
        line: at + 1,
        recorded: '{"type":"speech.duck","utteranceId":"line-1"}',
        replayed: '{"type":"speech.play","utteranceId":"line-1"}',
      },
    ]);
  });

  it('shows a command that is missing at the end of an event', async () => {
    const lines = await record(CALL);
    const at = lines.findIndex((line) => line.includes('"type":"publish.state"'));
    const [mismatch] = replay(lines.toSpliced(at, 1)).mismatches;
    expect(mismatch?.replayed).toContain('publish.state');
  });

  it('says what is wrong with a file that is none', () => {
    expect(() => replay([])).toThrow('empty file');
    expect(() => replay(['{"event":{"type":"call.joined","at":1}}'])).toThrow('header');
    expect(() => replay(['{"recording":"voice-agent call","version":99,"options":{}}'])).toThrow(
      'version 99',
    );
    expect(() => replay(['{"recor'])).toThrow('not JSON');
  });

  it('takes no notice of what comes after its end', async () => {
    const recorder = createRecorder({ path, options, log: silentLogger });
    converse(recorder, CALL);
    await recorder.close();
    const before = await readFile(path, 'utf8');
    converse(recorder, CALL);
    await recorder.close();
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('that cannot be written is one line in the log, and the call goes on', async () => {
    const log = createLinesLogger();
    const recorder = createRecorder({ path: join(folder, 'missing', 'call.ndjson'), options, log });
    converse(recorder, CALL);
    await new Promise((resolve) => setTimeout(resolve, 50));
    converse(recorder, CALL);
    await recorder.close();
    expect(log.lines).toEqual(['the call is no longer recorded']);
  });
});
