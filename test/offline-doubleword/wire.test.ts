import { describe, expect, it } from 'vitest';
import { expectSame, Ids } from './compare.ts';
import { recording, type WireExchange } from './recording.ts';
import { createRig, line, lines, MODEL, type UploadOptions } from './rig.ts';

/** In the recording the second line of the same name was answered first, and `one` last. */
const rig = createRig({ delays: { 'duplicate custom_id': 200, one: 1000 } });
/** The recorded server was reconfigured for the short windows; two servers stand for it. */
const shortWindows = createRig({ windows: ['24h', '1h', '20s'] });
const ids = new Ids();
const HELLO = line('task-1', 'hello');
/** The file that the refused creates name. */
const VALID_FILE = '9ded782f-acc2-4fbc-bddd-488416216cbd';
const STUCK_BATCH = 'e95689a2-827e-40e3-810a-fdc7e66ee9f6';

async function idOf(response: Response): Promise<string> {
  expect(response.status).toBe(201);
  const body: { id: string } = JSON.parse(await response.text());
  return body.id;
}

/** Uploads a file that the recording only mentions, under its recorded id. */
async function uploadAs(recordedId: string, jsonl: string, key = 'sk-agent', on = rig): Promise<string> {
  const id = await idOf(await on.upload(jsonl, { key }));
  ids.pair(recordedId, id);
  return id;
}

async function create(fileId: string, extra: Record<string, unknown> = {}, on = rig): Promise<string> {
  const body = { input_file_id: fileId, endpoint: '/v1/chat/completions', completion_window: '1h', ...extra };
  const request = { key: 'sk-agent', body: JSON.stringify(body) };
  return idOf(await on.call('POST', '/ai/v1/batches', request));
}

async function createAs(
  recordedId: string,
  jsonl: string,
  extra: Record<string, unknown> = {},
): Promise<string> {
  const id = await create(await idOf(await rig.upload(jsonl)), extra);
  ids.pair(recordedId, id);
  return id;
}

const retrieve = (id: string) => rig.call('GET', `/ai/v1/batches/${id}`, { key: 'sk-agent' });
const bodyOf = async (response: Response): Promise<Record<string, unknown>> =>
  JSON.parse(await response.text());

/** Files of batches that the recording reads by id without having shown the batch. */
async function pairFiles(batchId: string, output: string, error?: string): Promise<void> {
  const batch = await bodyOf(await retrieve(batchId));
  ids.pair(output, String(batch.output_file_id));
  if (error !== undefined) ids.pair(error, String(batch.error_file_id));
}

/** What the recording leaves out: what was uploaded, and what happened between two exchanges. */
const before: Readonly<Record<string, () => Promise<unknown>>> = {
  'batches.retrieve completed': () => rig.clock.advance(500),
  'mixed retrieve': () => rig.clock.advance(1500),
  'all failed retrieve': async () => {
    await createAs('c7a274ea-b6e5-40b2-8504-691d4d7f6476', lines(line('a', '[[400]]'), line('b', '[[400]]')));
    await rig.clock.advance(900);
  },
  'content while in_progress': async () => {
    const stuck = lines(line('ok', 'fine'), line('stuck', '[[500]]'));
    const id = await createAs(STUCK_BATCH, stuck, { metadata: { task_id: 'stuck-mwrk0hz3' } });
    await rig.clock.advance(8000);
    await pairFiles(id, 'a421a43a-a60e-4789-b1aa-b528447571af', '668fe10f-30f9-46f6-b716-842647213311');
  },
  'cancel right after create': () => createAs('ee48fa21-391e-4fe7-bde3-49d2b04ba3d1', line('a', 'quick')),
  'cancelled before population, 12 s later': async () => {
    const many = lines(...Array.from({ length: 200 }, (_, i) => line(`c-${i}`, 'a')));
    const id = await createAs('1ccb1c56-41ed-4f81-ba58-83b10b41b113', many, { completion_window: '24h' });
    await rig.call('POST', `/ai/v1/batches/${id}/cancel`, { key: 'sk-agent' });
    await rig.clock.advance(12_000);
  },
  'cancel in flight': async () => {
    await createAs('948aaa1b-ccf1-431b-849d-17bd7fd46289', line('a', '[[slow 4000]]'));
    await rig.clock.advance(2000);
  },
  'cancelled in flight, 6 s later': () => rig.clock.advance(6000),
  'cancel of a completed batch': async () => {
    const id = await createAs('88b24e4c-9dd0-4b4c-ad87-d2c9e7de764a', line('a', 'done'));
    await rig.clock.advance(500);
    expect((await bodyOf(await retrieve(id))).status).toBe('completed');
  },
  'admin: 20s window': () =>
    uploadAs(
      '34545fa3-4dc3-4153-9fa0-00e8836775c2',
      lines(line('ok', 'fine'), line('stuck', '[[500]]')),
      'sk-admin',
      shortWindows,
    ),
  // The name in the recording says "after"; its times say 18 s.
  '20s window, after the deadline': () => shortWindows.clock.advance(18_500),
  'create: window 2h': () => uploadAs(VALID_FILE, HELLO),
  'create: 1001 lines in a 1h window (unverified cap)': async () => {
    // Seventeen requests in the window, eight of them from the batches above.
    const filler = lines(...Array.from({ length: 9 }, (_, i) => line(`f-${i}`, 'a')));
    await create(await idOf(await rig.upload(filler)));
  },
  'create: window the model does not allow': () =>
    uploadAs('f94c1b93-b953-4d07-8599-47d500a1547c', line('a', 'a', { model: 'rig/24h-only' })),
  'create: model without batches': () =>
    uploadAs('77108de2-7a34-43e6-9751-46961577fdcc', line('a', 'a', { model: 'rig/no-batch' })),
  'batches.list limit=2': async () => {
    await rig.clock.advance(60_000);
    const file = await uploadAs('55a0edd8-d286-4f79-ad54-e35cd7fe5e33', line('a', 'a'));
    for (let i = 0; i < 5; i++) {
      const id = await create(file, { metadata: { task_id: `list-mwrk0hz3-${i}` } });
      if (i === 0) ids.pair('47e9b0a8-774f-4318-941a-3be7ae501606', id);
    }
    await rig.clock.advance(200);
  },
  'files.delete': () => rig.clock.advance(1000),
  'completed batch after its input file was deleted': async () => {
    const file = await idOf(await rig.upload(line('a', 'a')));
    ids.pair('1820b56c-9d77-4683-b4c5-f4a9d4b9df21', await create(file));
    await rig.clock.advance(1000);
    await rig.call('DELETE', `/ai/v1/files/${file}`, { key: 'sk-agent' });
  },
  'DELETE batch': () => createAs('327d0ffd-84fa-40aa-ac7a-c2e8af82d3e4', line('a', 'a')),
  'responses flex retrieve': () => rig.clock.advance(900),
};

const bad = (jsonl: string): [string, UploadOptions?] => [jsonl];
const body = (fields: Record<string, unknown>) => JSON.stringify(fields);
const CHAT = { method: 'POST', url: '/v1/chat/completions' };

/** The uploaded files; their bodies are not in the recording, but their lengths and refusals are. */
const uploads: Readonly<Record<string, [jsonl: string, options?: UploadOptions]>> = {
  'files.create': [HELLO],
  'mixed upload': [
    lines(
      line('ok-1', 'one'),
      line('bad-400', '[[400]]'),
      line('null', '[[null]]'),
      line('length', '[[length]]'),
      line('prio', 'x', { priority: 1 }),
      line('ok-1', 'duplicate custom_id'),
    ),
  ],
  'upload: not JSON': bad('{not json}'),
  'upload: second line not JSON': bad(lines(HELLO, 'garbage')),
  'upload: missing custom_id': bad(body({ ...CHAT, body: { model: MODEL } })),
  'upload: missing body': bad(body({ custom_id: 'a', ...CHAT })),
  'upload: empty file': bad(''),
  'upload: blank lines only': bad('\n\n  \n'),
  'upload: custom_id of 65': bad(line('x'.repeat(65), 'a')),
  'upload: custom_id not ASCII-header safe': bad(line('a\u0007b', 'a')),
  'upload: method GET': bad(line('a', 'a', { method: 'GET' })),
  'upload: url': bad(line('a', 'a', { url: '/v1/nope' })),
  'upload: no model': bad(line('a', 'a', { model: null })),
  'upload: unknown model': bad(line('a', 'a', { model: 'no/such-model' })),
  'upload: embeddings url with a chat model': bad(line('a', 'a', { url: '/v1/embeddings' })),
  'upload: reasoning_effort': bad(line('a', 'a', { reasoning_effort: 'silly' })),
  'upload: custom_id of 33 umlauts, 66 bytes': bad(line('ü'.repeat(33), 'a')),
  'upload: purpose fine-tune': [HELLO, { purpose: 'fine-tune' }],
  'upload with expires_after': [
    line('a', 'abcd'),
    { name: 'a.jsonl', fields: { 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '7200' } },
  ],
  'upload of 1001 lines': [lines(...Array.from({ length: 1001 }, (_, i) => line(`c-${i}`, 'a')))],
  'no credit: upload': [line('a', 'a'), { key: 'sk-broke' }],
};

function keyFor(label: string): string {
  if (label.startsWith('wrong key')) return 'invalid-key';
  if (label.startsWith('no credit')) return 'sk-broke';
  if (label.startsWith('other user')) return 'sk-other';
  return label.startsWith('admin') || label.startsWith('20s window') ? 'sk-admin' : 'sk-agent';
}

function send(recorded: WireExchange): Promise<Response> {
  const upload = uploads[recorded.label];
  if (upload) return rig.upload(...upload);
  const key = keyFor(recorded.label);
  const server = key === 'sk-admin' ? shortWindows : rig;
  const request = recorded.request === undefined ? {} : { body: ids.toOurs(recorded.request) };
  return server.call(recorded.method, ids.toOurs(recorded.path), { key, ...request });
}

describe('the exchanges recorded with a real server', () => {
  it.each(recording.wire.map((exchange, index) => ({ ...exchange, title: `${index}: ${exchange.label}` })))(
    '$title',
    async (exchange) => {
      await before[exchange.label]?.();
      const answering = send(exchange);
      // The real-time answer takes as long as the model does.
      if (exchange.label === 'chat real time') await rig.clock.advance(300);
      await expectSame(exchange, await answering, ids);
    },
  );

  it('are all walked', () => {
    expect(recording.wire).toHaveLength(89);
    const labels = new Set(recording.wire.map((exchange) => exchange.label));
    for (const label of [...Object.keys(before), ...Object.keys(uploads)]) expect(labels).toContain(label);
  });
});
