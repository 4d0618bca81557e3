import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../src/offline/doubleword/document/subjectOf.ts';
import { writeDocument } from '../../src/offline/doubleword/document/writeDocument.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { line } from './rig.ts';

const headings = (document: string) => [...document.matchAll(/^## (.+)$/gm)].map((match) => match[1]);

describe('the stand-in’s documents', () => {
  it.each([
    [
      'Create a comprehensive business plan for a coffee shop in Berlin, including marketing.',
      'coffee shop in Berlin',
    ],
    ['write a business plan for my dog walking service', 'dog walking service'],
    ['Please make a detailed plan.\nThe business plan is for a new bakery. Keep it short.', 'bakery'],
    ['business plan', 'new business'],
  ])('a business plan: %s', (prompt, name) => {
    expect(subjectOf(prompt)).toEqual({ kind: 'businessPlan', name });
    const plan = writeDocument(prompt);
    expect(plan).toContain(name);
    expect(headings(plan)).toEqual([
      'Summary',
      'Concept',
      'Market',
      'Marketing',
      'Operations',
      'Finances',
      'Risks',
      'Next steps',
    ]);
  });

  it.each([
    ['Write a detailed report on the history of tea. Cover China.', 'history of tea'],
    ['Research electric bikes', 'electric bikes'],
    ['', 'question'],
  ])('another document: %s', (prompt, name) => {
    expect(subjectOf(prompt)).toEqual({ kind: 'report', name });
    expect(writeDocument(prompt)).toContain(name);
  });

  it('are long', () => {
    for (const prompt of ['business plan for a coffee shop', 'report on tea']) {
      const words = writeDocument(prompt).split(/\s+/).length;
      expect(words).toBeGreaterThan(600);
      expect(words).toBeLessThan(900);
    }
  });

  it('differ in their figures by business', () => {
    expect(writeDocument('business plan for a bakery').replaceAll('bakery', 'x')).not.toBe(
      writeDocument('business plan for a florist').replaceAll('florist', 'x'),
    );
  });
});

describe('a model scaled to zero', () => {
  it('is queued as in_progress until shortly before the deadline, then completes', async () => {
    const clock = new VirtualClock();
    const { app, control } = createOfflineDoubleword({ clock, turnaround: 'nearDeadline' });
    const headers = { authorization: 'Bearer sk-any' };
    const form = new FormData();
    form.append('file', new File([line('a', 'x')], 'a.jsonl'));
    form.append('purpose', 'batch');
    const uploaded = await app.request('/v1/files', { method: 'POST', headers, body: form });
    const request = {
      input_file_id: JSON.parse(await uploaded.text()).id,
      endpoint: '/v1/chat/completions',
      completion_window: '1h',
    };
    await app.request('/v1/batches', { method: 'POST', headers, body: JSON.stringify(request) });
    const status = async () => {
      const id = control.batches()[0]?.id;
      return JSON.parse(await (await app.request(`/v1/batches/${id}`, { headers })).text()).status;
    };
    await clock.advance(49 * 60_000);
    expect(await status()).toBe('in_progress');
    await clock.advance(2 * 60_000);
    expect(await status()).toBe('completed');
  });
});
