import { describe, expect, it } from 'vitest';
import { recording, type TimelineEntry } from './recording.ts';
import { createRig, line, lines, type Rig, type RigOptions } from './rig.ts';

interface Scenario {
  readonly jsonl: string;
  readonly window?: string;
  readonly rig?: RigOptions;
  /** Done to the batch right after its creation. */
  readonly after?: (rig: Rig, batchId: string) => Promise<unknown>;
  /** Watched through the list, which shows what `retrieve` does not. */
  readonly listed?: boolean;
}

const ONE = line('a', 'hello');
const GOOD_AND_STUCK = lines(line('ok', 'fine'), line('stuck', '[[500]]'));
const SHORT = ['24h', '1h', '20s', '15s', '8s'];
const cancel = (rig: Rig, id: string) => rig.call('POST', `/ai/v1/batches/${id}/cancel`, { key: 'sk-agent' });

/** What was asked of the recorded server, by the name of the timeline. */
const scenarios: Readonly<Record<string, Scenario>> = {
  'one line, 1h': { jsonl: ONE },
  'one line, 24h': { jsonl: ONE, window: '24h' },
  'mixed, 24h': {
    jsonl: lines(
      line('ok-1', 'one'),
      line('bad-400', '[[400]]'),
      line('null', '[[null]]'),
      line('length', '[[length]]'),
      line('prio', 'x', { priority: 1 }),
      line('ok-1', 'duplicate custom_id'),
    ),
    window: '24h',
    rig: { delays: { one: 1000, '[[400]]': 1000 } },
  },
  'upstream answers plain text, first 8 s': { jsonl: line('a', '[[text]]') },
  'every line refused with 400': { jsonl: lines(line('a', '[[400]]'), line('b', '[[400]]')) },
  '500 twice, then an answer': { jsonl: line('a', '[[flaky]]') },
  'connection reset and 429 for ever, first 8 s': {
    jsonl: lines(line('a', '[[reset]]'), line('b', '[[429]]')),
  },
  'one good line, one always 500, first 8 s': { jsonl: GOOD_AND_STUCK },
  'after cancel': {
    jsonl: GOOD_AND_STUCK,
    after: async (rig, id) => {
      await rig.clock.advance(8000);
      await cancel(rig, id);
    },
  },
  'cancel right after create': { jsonl: ONE, after: cancel },
  'slow upstream until in_progress': { jsonl: line('a', '[[slow 20000]]') },
  'completed, to be cancelled': { jsonl: ONE },
  '20s window: one good, one always 500': { jsonl: GOOD_AND_STUCK, window: '20s', rig: { windows: SHORT } },
  '15s window: only line always 500': { jsonl: line('a', '[[500]]'), window: '15s', rig: { windows: SHORT } },
  '8s window: answer takes 12 s': {
    jsonl: line('a', '[[slow 12000]]'),
    window: '8s',
    rig: { windows: SHORT },
  },
  'custom_id with umlaut; a body without messages': {
    jsonl: lines(line('ä-1', 'a'), line('b', 'later', { messages: undefined })),
    rig: { delays: { '': 400 } },
  },
  'metadata of 5000 characters and non-ASCII': { jsonl: ONE },
  'endpoint differs from the lines': { jsonl: ONE },
  'seen through batches.list only': { jsonl: line('a', '[[slow 1200]]'), listed: true },
  'twice 0': { jsonl: ONE },
  'twice 1': {
    jsonl: ONE,
    after: (rig) => rig.clock.advance(1000),
  },
  'completed, input file then deleted': { jsonl: ONE },
  'to delete': { jsonl: ONE },
  '20 lines of 1 s': {
    jsonl: lines(...Array.from({ length: 20 }, (_, i) => line(`c-${i}`, '[[slow 1000]]'))),
  },
  'batch announced by webhook': { jsonl: ONE },
};

const POLL_MS = 50;

interface BatchView {
  readonly id: string;
  readonly status: string;
  readonly request_counts: { readonly total: number; readonly completed: number; readonly failed: number };
}

/** Plays a scenario and notes each state once, as the recorder did. */
async function play(scenario: Scenario, forMs: number): Promise<string[]> {
  const rig = createRig(scenario.rig);
  const file: { id: string } = JSON.parse(await (await rig.upload(scenario.jsonl)).text());
  const window = scenario.window ?? '1h';
  const request = { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: window };
  const created = await rig.call('POST', '/ai/v1/batches', {
    key: 'sk-agent',
    body: JSON.stringify(request),
  });
  expect(created.status).toBe(201);
  const { id }: BatchView = JSON.parse(await created.text());
  await scenario.after?.(rig, id);
  const seen: string[] = [];
  for (let ms = 0; ms <= forMs; ms += POLL_MS) {
    const path = scenario.listed ? `/ai/v1/batches?search=${id}` : `/ai/v1/batches/${id}`;
    const text = await (await rig.call('GET', path, { key: 'sk-agent' })).text();
    const view: BatchView = scenario.listed ? JSON.parse(text).data[0] : JSON.parse(text);
    const state = describeState({ status: view.status, counts: view.request_counts }, scenario.listed);
    if (seen.at(-1) !== state) seen.push(state);
    await rig.clock.advance(POLL_MS);
  }
  return seen;
}

function describeState(entry: Omit<TimelineEntry, 'ms'>, listed = false): string {
  const { total, completed, failed } = entry.counts ?? { total: 0, completed: 0, failed: 0 };
  return listed ? entry.status : `${entry.status} ${completed}+${failed} of ${total}`;
}

/** A watcher may miss a short state, but sees none out of order and none that is not there. */
function expectInOrder(recorded: readonly string[], ours: readonly string[]): void {
  let from = 0;
  for (const state of recorded) {
    const at = ours.indexOf(state, from);
    expect(at, `"${state}" after ${from} of ${JSON.stringify(ours)}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
  expect(ours.at(-1)).toBe(recorded.at(-1));
}

describe('the recorded timelines', () => {
  it.each(Object.entries(scenarios))('%s', async (name, scenario) => {
    const timeline = recording.timelines[name] ?? [];
    const recorded = timeline.map((entry) => describeState(entry, scenario.listed));
    // Timings are of that machine and its load; what counts is what is seen, and in which order.
    const forMs = Math.max(timeline.at(-1)?.ms ?? 0, 1500) + 500;
    expectInOrder(recorded, await play(scenario, name.includes('first 8 s') ? 8000 : forMs));
  });

  it('has a scenario for each, or a test of its own', () => {
    const own = ['responses, flex, background'];
    expect([...Object.keys(scenarios), ...own].sort()).toEqual(Object.keys(recording.timelines).sort());
  });

  it('responses, flex, background: queued, then completed', async () => {
    const rig = createRig();
    const request = { model: 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8', input: 'hello', background: true };
    const body = JSON.stringify({ ...request, service_tier: 'flex' });
    const created = await rig.call('POST', '/ai/v1/responses', { key: 'sk-agent', body });
    const { id, status }: BatchView = JSON.parse(await created.text());
    await rig.clock.advance(900);
    const read = await rig.call('GET', `/ai/v1/responses/${id}`, { key: 'sk-agent' });
    const later: BatchView = JSON.parse(await read.text());
    const recorded = recording.timelines['responses, flex, background'] ?? [];
    expect([status, later.status]).toEqual(recorded.map((entry) => entry.status));
  });

  it('a running batch past its deadline carries expired_at and still completes', async () => {
    const rig = createRig({ windows: SHORT });
    const file: { id: string } = JSON.parse(await (await rig.upload(line('a', '[[slow 12000]]'))).text());
    const request = { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '8s' };
    const created = await rig.call('POST', '/ai/v1/batches', {
      key: 'sk-agent',
      body: JSON.stringify(request),
    });
    const { id }: BatchView = JSON.parse(await created.text());
    const read = async () =>
      JSON.parse(await (await rig.call('GET', `/ai/v1/batches/${id}`, { key: 'sk-agent' })).text());
    await rig.clock.advance(5000);
    expect(await read()).not.toHaveProperty('expired_at');
    await rig.clock.advance(5000);
    expect(await read()).toMatchObject({ status: 'in_progress', expired_at: expect.any(Number) });
    await rig.clock.advance(5000);
    expect(await read()).toMatchObject({ status: 'completed', expired_at: expect.any(Number) });
  });
});
