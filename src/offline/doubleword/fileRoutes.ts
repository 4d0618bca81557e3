import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { isFinished } from './batchStatus.ts';
import { json } from './exchange.ts';
import { checkId } from './ids.ts';
import { linesPage, listPage } from './page.ts';
import { Refusal } from './refusal.ts';
import { readRequestLines } from './requestLines.ts';
import { fileLines, type ResultLine } from './resultLines.ts';
import { BASES, type Server } from './server.ts';
import type { Account, StoredBatch, StoredFile } from './state.ts';
import { fileObject, resultFileObject } from './wireObjects.ts';

const THIRTY_DAYS_S = 30 * 86_400;

type Found =
  | { readonly is: 'input'; readonly file: StoredFile }
  | { readonly is: 'output' | 'error'; readonly batch: StoredBatch };

export function addFileRoutes(server: Server): void {
  const { app, state, accounts, exchange, runner } = server;
  const accountOf = (c: Context) => accounts.ofBatchRequest(c.req.header('authorization'));

  const find = (id: string, account: Account): Found => {
    const file = state.files.get(id);
    if (file?.account === account) return { is: 'input', file };
    for (const batch of state.batches.values()) {
      if (batch.account !== account) continue;
      if (batch.outputFileId === id) return { is: 'output', batch };
      if (batch.errorFileId === id) return { is: 'error', batch };
    }
    throw Refusal.text(404, `File with ID ${id} not found`);
  };

  const objectOf = (found: Found) => {
    if (found.is === 'input') return fileObject(found.file);
    const text = fileLines(found.batch, found.is).map((line) => `${line.text}\n`);
    return resultFileObject(found.batch, found.is, Buffer.byteLength(text.join('')));
  };

  const upload = exchange('files.create', async (c) => {
    const account = accountOf(c);
    const form = await c.req.formData().catch(() => {
      throw Refusal.text(400, 'Invalid `boundary` for `multipart/form-data` request');
    });
    const purpose = form.get('purpose');
    if (typeof purpose === 'string' && purpose !== 'batch') {
      throw Refusal.text(400, `Invalid purpose '${purpose}'. Only 'batch' is supported.`);
    }
    const upload = form.get('file');
    if (typeof upload === 'string' || upload === null) throw Refusal.text(400, 'No file provided');
    if (upload.size > server.limits.fileBytes) {
      throw Refusal.text(413, `File exceeds the maximum allowed size of ${server.limits.fileBytes} bytes`);
    }
    // A byte-order mark is kept, so that line 1 is refused for it as the vendor does.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await upload.arrayBuffer());
    const lines = readRequestLines(text, server.models);
    const most = server.limits.fileRequests;
    if (lines.length > most) {
      throw Refusal.text(400, `File contains ${lines.length} requests, which exceeds the maximum of ${most}`);
    }
    const createdAt = state.seconds();
    const seconds = Number(form.get('expires_after[seconds]') ?? THIRTY_DAYS_S);
    const expiresAt = createdAt + (Number.isFinite(seconds) ? seconds : THIRTY_DAYS_S);
    const file = { id: randomUUID(), account, name: upload.name, text, createdAt, expiresAt, lines };
    state.files.set(file.id, file);
    return json(fileObject(file), 201);
  });

  const list = exchange('files.list', (c) => {
    const account = accountOf(c);
    const inputs = [...state.files.values()].map((file): Found => ({ is: 'input', file }));
    const results = [...state.batches.values()].flatMap((batch): Found[] => [
      { is: 'error', batch },
      { is: 'output', batch },
    ]);
    const ownerOf = (found: Found) => (found.is === 'input' ? found.file : found.batch);
    const mine = [...inputs, ...results]
      .filter((found) => ownerOf(found).account === account)
      .sort((a, b) => ownerOf(a).createdAt - ownerOf(b).createdAt)
      .reverse();
    return json(listPage(mine.map(objectOf), c));
  });

  const content = exchange('files.content', (c) => {
    const account = accountOf(c);
    const found = find(checkId(c.req.param('id'), 'file ID'), account);
    if (found.is === 'input') return linesPage(inputLines(found.file), false, c);
    const running = found.batch.cancelledAt === undefined && !isFinished(found.batch);
    return linesPage(fileLines(found.batch, found.is), running, c);
  });

  const remove = exchange('files.delete', (c) => {
    const account = accountOf(c);
    const id = checkId(c.req.param('id'), 'file ID');
    const found = find(id, account);
    if (found.is === 'input') {
      state.files.delete(id);
      for (const batch of state.batches.values()) {
        if (batch.inputFileId !== id) continue;
        if (!isFinished(batch)) runner.cancel(batch);
        batch.inputFileId = '';
      }
    }
    return json({ id, object: 'file', deleted: true });
  });

  for (const base of BASES) {
    app.post(`${base}/files`, upload);
    app.get(`${base}/files`, list);
    app.get(
      `${base}/files/:id`,
      exchange('files.retrieve', (c) => {
        const account = accountOf(c);
        return json(objectOf(find(checkId(c.req.param('id'), 'file ID'), account)));
      }),
    );
    app.delete(`${base}/files/:id`, remove);
    app.get(`${base}/files/:id/content`, content);
  }
}

function inputLines(file: StoredFile): ResultLine[] {
  return file.lines.map((line) => {
    const request = { custom_id: line.customId, method: 'POST', url: line.url, body: line.body };
    return { customId: line.customId, text: JSON.stringify(request) };
  });
}
