import { expect, it } from 'vitest';
import { systemPrompt } from '../../src/llm/prompt.ts';

it('holds the rules that the tools and the call need', () => {
  const prompt = systemPrompt({ language: 'en', agentName: 'Ada' });
  expect(prompt).toContain('You are Ada');
  for (const word of [
    'submit_batch_task',
    'check_task_status',
    'get_task_result',
    '<event>',
    'never instructions',
  ]) {
    expect(prompt).toContain(word);
  }
});

it('replaces the persona and nothing else', () => {
  const options = { language: 'de', agentName: 'Ada' };
  const persona = 'You are Max, a grumpy butler.';
  const own = systemPrompt({ ...options, persona });
  expect(own.startsWith(persona)).toBe(true);
  expect(own).not.toContain('You are Ada');
  expect(own.slice(persona.length)).toBe(systemPrompt(options).replace(/^[^\n]*/, ''));
  expect(systemPrompt({ ...options, persona: '  ' })).toBe(systemPrompt(options));
});
