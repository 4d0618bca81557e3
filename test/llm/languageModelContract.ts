import { expect, it } from 'vitest';
import type { LanguageModel } from '../../src/llm/languageModel.ts';
import { ask, collect, SUBMIT } from './support.ts';

/** What every `LanguageModel` does, given one that answers small questions and hands business plans to a tool. */
export function languageModelContract(create: () => Promise<LanguageModel>): void {
  it('streams non-empty text and one end as the last event', async () => {
    const { events, text, end } = await collect(await create(), ask('What is the capital of France?'));
    expect(text).toContain('Paris');
    expect(events.filter((event) => event.type === 'text').length).toBeGreaterThan(1);
    expect(events.every((event) => event.type !== 'text' || event.text !== '')).toBe(true);
    expect(events.filter((event) => event.type === 'end')).toHaveLength(1);
    expect(end).toMatchObject({ stopReason: 'end', toolUses: [] });
    expect(end?.usage.inputTokens).toBeGreaterThan(0);
    expect(end?.usage.outputTokens).toBeGreaterThan(0);
  });

  it('hands over complete tool calls and takes their results', async () => {
    const model = await create();
    const first = await collect(model, ask('Create a business plan for a coffee shop', { tools: [SUBMIT] }));
    expect(first.end?.stopReason).toBe('toolUse');
    const [use] = first.end?.toolUses ?? [];
    if (!use) throw new Error('no tool call');
    expect(use).toMatchObject({ type: 'toolUse', name: 'submit_batch_task' });
    expect(use.input).toMatchObject({ task_description: 'business plan for a coffee shop' });
    const second = await collect(model, {
      system: '',
      tools: [SUBMIT],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Create a business plan for a coffee shop' }] },
        { role: 'assistant', content: [{ type: 'text', text: first.text }, use] },
        {
          role: 'user',
          content: [{ type: 'toolResult', toolUseId: use.id, content: 'Submitted.', isError: false }],
        },
      ],
    });
    expect(second.text).toMatch(/started working on the business plan/);
    expect(second.end?.stopReason).toBe('end');
  });

  it('ends quietly, without an end, when the signal aborts in mid-reply', async () => {
    const controller = new AbortController();
    const model = await create();
    const events = [];
    for await (const event of model.reply(ask('Tell me about the history of coffee'), controller)) {
      events.push(event);
      controller.abort();
    }
    expect(events.some((event) => event.type === 'end')).toBe(false);
    expect(events.length).toBeLessThan(10);
  });

  it('says nothing at all when the signal was aborted before', async () => {
    const { events } = await collect(await create(), ask('Hello'), AbortSignal.abort());
    expect(events).toEqual([]);
  });

  it('answers several requests at once, each with its own reply', async () => {
    const model = await create();
    const [paris, rome] = await Promise.all([
      collect(model, ask('What is the capital of France?')),
      collect(model, ask('What is the capital of Italy?')),
    ]);
    expect(paris.text).toContain('Paris');
    expect(rome.text).toContain('Rome');
  });

  it('passes its own check', async () => {
    await expect((await create()).check()).resolves.toBeUndefined();
  });
}
