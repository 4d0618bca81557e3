import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import type { Tool } from '../../src/tools/tool.ts';
import { createToolBox } from '../../src/tools/toolBox.ts';
import { VirtualClock } from '../support/virtualClock.ts';

/** A tool that answers when the test lets it. */
function submitTool(overrides: Partial<Tool<{ task: string; size: number }>> = {}) {
  const runs: {
    task: string;
    signal: AbortSignal;
    resolve(text: string): void;
    reject(error: unknown): void;
  }[] = [];
  const tool: Tool<{ task: string; size: number }> = {
    name: 'submit',
    description: 'Starts work.',
    input: z.object({ task: z.string().min(1), size: z.number().default(1) }),
    sideEffect: true,
    timeoutMs: 1000,
    run: ({ task }, { signal }) =>
      new Promise((resolve, reject) => runs.push({ task, signal, resolve, reject })),
    ...overrides,
  };
  return { tool, runs };
}

const use = (input: unknown, name = 'submit') => ({ type: 'toolUse', id: 'toolu_1', name, input }) as const;
const context = { owner: 'ann', turn: 1 };
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function setup(overrides: Partial<Tool<{ task: string; size: number }>> = {}) {
  const clock = new VirtualClock();
  const { tool, runs } = submitTool(overrides);
  return { clock, runs, box: createToolBox([tool], { clock }) };
}

it('describes its tools as JSON Schema of what the model sends', () => {
  expect(setup().box.specs()).toEqual([
    {
      name: 'submit',
      description: 'Starts work.',
      inputSchema: {
        type: 'object',
        properties: { task: { type: 'string', minLength: 1 }, size: { type: 'number', default: 1 } },
        required: ['task'],
      },
    },
  ]);
});

describe('the ledger', () => {
  it('gives the first result to a repeated call, also while the first still runs', async () => {
    const { box, runs } = setup();
    const first = box.run(use({ task: 'plan', size: 1 }), context);
    const again = box.run(use({ size: 1, task: 'plan' }), context);
    const byDefault = box.run(use({ task: 'plan' }), context);
    await settle();
    expect(runs).toHaveLength(1);
    runs[0]?.resolve('Job 1.');
    expect(await Promise.all([first, again, byDefault])).toEqual(
      Array(3).fill({ content: 'Job 1.', isError: false }),
    );
    expect(await box.run(use({ task: 'plan' }), context)).toEqual({ content: 'Job 1.', isError: false });
    expect(runs).toHaveLength(1);
  });

  test.each([
    ['other arguments', { task: 'report' }, context],
    ['another turn', { task: 'plan' }, { ...context, turn: 2 }],
    ['another caller', { task: 'plan' }, { ...context, owner: 'bob' }],
  ])('runs again for %s', async (_name, input, where) => {
    const { box, runs } = setup();
    void box.run(use({ task: 'plan' }), context);
    void box.run(use(input), where);
    await settle();
    expect(runs).toHaveLength(2);
  });

  it('keeps a failure too, because nobody knows how far it got', async () => {
    const { box, runs } = setup();
    const first = box.run(use({ task: 'plan' }), context);
    await settle();
    runs[0]?.reject(new Error('The network is down.'));
    const failed = { content: 'submit failed: The network is down.', isError: true };
    expect(await first).toEqual(failed);
    expect(await box.run(use({ task: 'plan' }), context)).toEqual(failed);
    expect(runs).toHaveLength(1);
  });

  it('lets tools without a side effect run every time', async () => {
    const { box, runs } = setup({ sideEffect: false });
    void box.run(use({ task: 'plan' }), context);
    void box.run(use({ task: 'plan' }), context);
    await settle();
    expect(runs).toHaveLength(2);
  });
});

describe('time limits and signals', () => {
  it('tells the model that a tool did not answer, and tells the tool to stop', async () => {
    const { box, runs, clock } = setup({ sideEffect: false });
    const outcome = box.run(use({ task: 'plan' }), context);
    await settle();
    await clock.advance(1000);
    expect(await outcome).toEqual({ content: 'submit did not answer within 1 s.', isError: true });
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  it('says of a side effect that its outcome is unknown, and remembers a late answer', async () => {
    const { box, runs, clock } = setup();
    const outcome = box.run(use({ task: 'plan' }), context);
    await settle();
    await clock.advance(1000);
    expect((await outcome).content).toMatch(/not known whether it took effect/);
    runs[0]?.resolve('Job 1.');
    await settle();
    expect(await box.run(use({ task: 'plan' }), context)).toEqual({ content: 'Job 1.', isError: false });
    expect(runs).toHaveLength(1);
  });

  it('gives up a reading tool when the signal aborts, and leaves no timer behind', async () => {
    const { box, runs, clock } = setup({ sideEffect: false });
    const controller = new AbortController();
    const outcome = box.run(use({ task: 'plan' }), { ...context, signal: controller.signal });
    await settle();
    controller.abort();
    expect(await outcome).toMatchObject({ isError: true, content: expect.stringContaining('cancelled') });
    expect(runs[0]?.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('never gives up a side effect that has begun', async () => {
    const { box, runs } = setup();
    const controller = new AbortController();
    const outcome = box.run(use({ task: 'plan' }), { ...context, signal: controller.signal });
    await settle();
    controller.abort();
    expect(runs[0]?.signal.aborted).toBe(false);
    runs[0]?.resolve('Job 1.');
    expect(await outcome).toEqual({ content: 'Job 1.', isError: false });
  });

  it('does not begin a side effect after the abort, and remembers nothing of it', async () => {
    const { box, runs } = setup();
    const outcome = await box.run(use({ task: 'plan' }), { ...context, signal: AbortSignal.abort() });
    expect(outcome.isError).toBe(true);
    expect(runs).toHaveLength(0);
    void box.run(use({ task: 'plan' }), context);
    await settle();
    expect(runs).toHaveLength(1);
  });
});

describe('what goes wrong is told to the model', () => {
  test.each([
    [use({ task: 'x' }, 'dance'), /no tool dance.*submit/],
    [use({}), /submit did not run[\s\S]*task/],
    [use('plan'), /submit did not run/],
    [use(null), /submit did not run/],
    [use({ task: 'x', size: 'big' }), /submit did not run[\s\S]*size/],
  ])('%j', async (call, text) => {
    const { box, runs } = setup();
    const outcome = await box.run(call, context);
    expect(outcome.isError).toBe(true);
    expect(outcome.content).toMatch(text);
    expect(runs).toHaveLength(0);
  });

  test.each([
    [new Error('No disk.'), 'submit failed: No disk.'],
    ['just text', 'submit failed: just text'],
  ])('a tool that throws %s at once', async (thrown, content) => {
    const { box, clock } = setup({
      run: () => {
        throw thrown;
      },
    });
    expect(await box.run(use({ task: 'plan' }), context)).toEqual({ content, isError: true });
    expect(clock.pending).toBe(0);
  });

  it('a schema that throws', async () => {
    const input = z.object({ task: z.string(), size: z.number() }).refine(() => {
      throw new Error('bad schema');
    });
    expect(await setup({ input }).box.run(use({ task: 'x', size: 1 }), context)).toMatchObject({
      isError: true,
    });
  });
});

it('refuses a tool whose input is not an object', () => {
  const tool: Tool<string> = { ...submitTool().tool, input: z.string(), run: async () => '' };
  expect(() => createToolBox([tool], { clock: new VirtualClock() })).toThrow(/submit/);
});
