import { describe, expect, it } from 'vitest';
import { readBatchErrors } from '../../src/tasks/batchErrors.ts';
import { readBatchOutput } from '../../src/tasks/batchOutput.ts';

const outputLine = (body: unknown, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    id: 'batch_req_1',
    custom_id: 'task-1',
    response: { status_code: 200, request_id: null, body },
    error: null,
    ...more,
  });
const chat = (message: unknown, finishReason = 'stop') => ({
  choices: [{ index: 0, finish_reason: finishReason, message }],
});
const said = (content: string) => chat({ role: 'assistant', content });

describe('an output file', () => {
  it('gives the text of our line, wherever it stands', () => {
    const file = [
      outputLine(said('theirs'), { custom_id: 'task-2' }),
      outputLine(said(' ours ')),
      outputLine(said('repeated')),
    ].join('\n');
    expect(readBatchOutput(file, 'task-1')).toEqual({ ok: true, text: 'ours' });
  });

  it('of another program gives its only line', () => {
    expect(readBatchOutput(`${outputLine(said('x'))}\n`, undefined)).toEqual({ ok: true, text: 'x' });
    expect(readBatchOutput(`${outputLine(said('x'))}\n`, 'task-of-ours')).toEqual({ ok: true, text: 'x' });
  });

  it('with other lines only, or none, has no answer', () => {
    const others = [outputLine(said('a'), { custom_id: 'a' }), outputLine(said('b'), { custom_id: 'b' })];
    expect(readBatchOutput(others.join('\n'), 'task-1')).toBeUndefined();
    expect(readBatchOutput('', 'task-1')).toBeUndefined();
    expect(readBatchOutput('\n\n', 'task-1')).toBeUndefined();
  });

  it('keeps a text that reached its limit, and says so', () => {
    const result = readBatchOutput(outputLine(chat({ content: 'Half a pl' }, 'length')), 'task-1');
    expect(result).toEqual({ ok: true, text: expect.stringMatching(/^Half a pl\n\n\(.*length limit/) });
  });

  it('reads JSON inside a string, plain text, parts and thoughts', () => {
    const text = (body: unknown) => readBatchOutput(outputLine(body), 'task-1');
    expect(text(JSON.stringify(said('inside')))).toEqual({ ok: true, text: 'inside' });
    expect(text('plain text')).toEqual({ ok: true, text: 'plain text' });
    expect(
      text(
        chat({
          content: [
            { type: 'text', text: 'one ' },
            { type: 'text', text: 'two' },
          ],
        }),
      ),
    ).toEqual({
      ok: true,
      text: 'one two',
    });
    expect(text(said('<think>well, well</think>\nanswer'))).toEqual({ ok: true, text: 'answer' });
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['content null with reasoning', outputLine(chat({ content: null, reasoning: 'hm' })), /no answer/],
    [
      'content null with reasoning_content',
      outputLine(chat({ content: null, reasoning_content: 'hm' })),
      /no answer/,
    ],
    ['thoughts that never end', outputLine(said('<think>and then')), /no answer/],
    ['content missing', outputLine(chat({ role: 'assistant' })), /empty answer/],
    ['content of spaces', outputLine(said(' \n ')), /answer/],
    ['limit before any text', outputLine(chat({ content: null, reasoning: 'hm' }, 'length')), /length limit/],
    ['a refusal', outputLine(chat({ content: null, refusal: 'No.' })), /declined/],
    ['no choices', outputLine({ choices: [] }), /damaged/],
    ['choices that are no list', outputLine({ choices: 'none' }), /damaged/],
    ['no message', outputLine({ choices: [{ finish_reason: 'stop' }] }), /damaged/],
    ['body null', outputLine(null), /damaged/],
    ['body of a web page', outputLine('<html>502</html>'), /damaged/],
    ['body of an empty string', outputLine(''), /empty answer/],
    [
      'upstream status 500',
      JSON.stringify({ custom_id: 'task-1', response: { status_code: 500, body: {} } }),
      /500/,
    ],
    ['response missing', JSON.stringify({ custom_id: 'task-1' }), /damaged/],
    ['a line cut in the middle', outputLine(said('cut')).slice(0, 60), /damaged/],
    ['not JSON', 'hello', /damaged/],
  ];

  it.each(bad)('with %s is no result, with a reason that can be read out', (_name, file, reason) => {
    const result = readBatchOutput(file, 'task-1');
    expect(result).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(result?.ok === false && result.reason).toMatch(/^[A-Z][^\n{}]*\.$/);
  });

  it('with an error on our line leaves the reason to the error file', () => {
    const file = JSON.stringify({ custom_id: 'task-1', response: null, error: { message: 'x' } });
    expect(readBatchOutput(file, 'task-1')).toBeUndefined();
  });
});

describe('an error file', () => {
  const errorLine = (message: string) =>
    JSON.stringify({ id: 'x', custom_id: 'task-1', response: null, error: { code: null, message } });
  const typed = (type: string, details?: unknown) => errorLine(JSON.stringify({ type, details }));
  const refused = JSON.stringify({ error: { message: 'upstream says 400.', type: 'x' } });

  it.each([
    [
      typed('NonRetriableHttpStatus', { status: 400, body: refused }),
      /refused .* status 400: upstream says 400\.$/,
    ],
    [
      typed('RetriableHttpStatus', { status: 500, body: '<html>bad</html>' }),
      /kept failing with status 500\.$/,
    ],
    [typed('NetworkError', { error: 'reset' }), /connection/],
    [typed('Timeout', { error: 'x' }), /in time/],
    [typed('TaskTerminated'), /stopped/],
    [typed('BatchTerminated'), /stopped/],
    [typed('RequestBuilderError', { error: 'x' }), /build/],
    [typed('SomethingNew'), /unknown error/],
    [errorLine('plain words'), /plain words\.$/],
  ])('%# gives one plain sentence', (file, sentence) => {
    const reason = readBatchErrors(`not JSON\n${file}\n`);
    expect(reason).toMatch(sentence);
    expect(reason).toMatch(/^[A-Z][^\n{}]*\.$/);
  });

  it('that is empty or damaged tells nothing', () => {
    expect(readBatchErrors('')).toBeUndefined();
    expect(readBatchErrors('{"error":')).toBeUndefined();
  });
});
