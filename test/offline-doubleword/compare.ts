import { expect } from 'vitest';
import { isRecord } from '../../src/offline/doubleword/requestLines.ts';
import type { WireExchange } from './recording.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const HEADERS = ['content-type', 'retry-after', 'x-incomplete', 'x-last-line'];
const TIME = /(?:^created|_at)$/;

/** Which recorded id stands for which of ours; one to one. */
export class Ids {
  readonly #ours = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  pair(recorded: string, ours: string): void {
    expect(this.#ours.get(recorded) ?? ours, `id that stands for ${recorded}`).toBe(ours);
    expect(this.#recorded.get(ours) ?? recorded, `id that ${ours} stands for`).toBe(recorded);
    this.#ours.set(recorded, ours);
    this.#recorded.set(ours, recorded);
  }

  /** A recorded text with our ids in it; ids that we do not know stay. */
  toOurs(text: string): string {
    return text.replace(UUID, (id) => this.#ours.get(id) ?? id);
  }
}

/** Status, headers and body must be those of the recording, but for the values of ids and times. */
export async function expectSame(recorded: WireExchange, response: Response, ids: Ids): Promise<void> {
  const body = await response.text();
  expect(response.status, `status (${body.slice(0, 200)})`).toBe(recorded.status);
  for (const name of HEADERS) {
    expect(response.headers.get(name), `header ${name}`).toBe(recorded.headers[name] ?? null);
  }
  const type = recorded.headers['content-type'] ?? '';
  if (type === 'application/json') return sameValue(JSON.parse(recorded.body), JSON.parse(body), ids, 'body');
  if (type === 'application/x-ndjson') return sameLines(recorded.body, body, ids);
  expect(body).toBe(ids.toOurs(recorded.body));
}

function sameLines(recorded: string, ours: string, ids: Ids): void {
  const cut = recorded.endsWith('…');
  const expected = recorded.split('\n');
  const actual = ours.split('\n');
  if (cut) expected.pop();
  else expect(actual.length, 'lines').toBe(expected.length);
  expected.forEach((text, index) => {
    if (text === '') expect(actual[index]).toBe('');
    else sameValue(JSON.parse(text), JSON.parse(actual[index] ?? 'null'), ids, `line ${index + 1}`);
  });
}

function sameValue(recorded: unknown, ours: unknown, ids: Ids, path: string): void {
  if (isRecord(recorded) && isRecord(ours)) {
    sameObject(recorded, ours, ids, path);
  } else if (Array.isArray(recorded) && Array.isArray(ours)) {
    expect(ours.length, `${path}.length`).toBe(recorded.length);
    recorded.forEach((value: unknown, index) => {
      sameValue(value, ours[index], ids, `${path}[${index}]`);
    });
  } else if (typeof recorded === 'string' && typeof ours === 'string') {
    sameText(recorded, ours, ids, path);
  } else {
    expect(ours, path).toEqual(recorded);
  }
}

function sameObject(
  recorded: Record<string, unknown>,
  ours: Record<string, unknown>,
  ids: Ids,
  path: string,
): void {
  const names = Object.keys(recorded);
  // The server keeps metadata in no order; everything else has one.
  if (path.endsWith('.metadata')) expect(Object.keys(ours).sort(), path).toEqual(names.sort());
  else expect(Object.keys(ours), path).toEqual(names);
  for (const name of names) {
    if (TIME.test(name)) sameTime(name, recorded, ours, path);
    else if (name === 'bytes' && recorded.purpose !== 'batch')
      sameEmptiness(recorded.bytes, ours.bytes, path);
    else sameValue(recorded[name], ours[name], ids, `${path}.${name}`);
  }
}

/** The vendor estimates the size of a result file: 496 for 462 bytes. An uploaded file's is exact. */
function sameEmptiness(recorded: unknown, ours: unknown, path: string): void {
  expect(Number.isInteger(ours), `${path}.bytes is a whole number`).toBe(true);
  expect(ours === 0, `${path}.bytes is 0`).toBe(recorded === 0);
}

/** Times are whole seconds; a deadline keeps its exact distance from the creation. */
function sameTime(
  name: string,
  recorded: Record<string, unknown>,
  ours: Record<string, unknown>,
  path: string,
): void {
  expect(Number.isInteger(ours[name]), `${path}.${name} is a whole number`).toBe(true);
  if (name !== 'expires_at') return;
  const distance = (object: Record<string, unknown>) => Number(object.expires_at) - Number(object.created_at);
  expect(distance(ours), `${path}.expires_at after created_at`).toBe(distance(recorded));
}

function sameText(recorded: string, ours: string, ids: Ids, path: string): void {
  const known = recorded.match(UUID) ?? [];
  const found = ours.match(UUID) ?? [];
  expect(ours.replace(UUID, '<id>'), path).toBe(recorded.replace(UUID, '<id>'));
  known.forEach((id, index) => {
    const other = found[index];
    if (other !== undefined) ids.pair(id, other);
  });
}
