import OpenAI, { APIConnectionTimeoutError, toFile } from 'openai';
import { VoiceAgentError } from '../errors.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { scopedSignal } from '../time/scopedSignal.ts';
import { sleep } from '../time/sleep.ts';
import type { BatchApi, BatchRequest, BatchResult, BatchSnapshot } from './batchApi.ts';
import { readBatchErrors } from './batchErrors.ts';
import { readBatchOutput } from './batchOutput.ts';
import { createDoublewordErrors, wrongBaseUrl } from './doublewordErrors.ts';
import { isRecord } from './isRecord.ts';
import { readLimited } from './readLimited.ts';
import { snapshotOf } from './snapshotOf.ts';

export interface DoublewordOptions {
  readonly apiKey: string;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Completion window; default `1h`. When the vendor refuses it, `24h` is used from then on. */
  readonly window?: string;
  readonly systemPrompt: string;
  /** Default 4096. */
  readonly maxTokens?: number;
  /** Default 0.7. */
  readonly temperature?: number;
  readonly clock: Clock;
  readonly log?: Logger;
  /** Milliseconds for one request, its answer read to the end; for a download, without a byte. Default 30,000. */
  readonly timeoutMs?: number;
  /** Bytes of a result file that are read at most; default 8 MB. */
  readonly maxResultBytes?: number;
}

const ENDPOINT = '/v1/chat/completions';
const FALLBACK_WINDOW = '24h';
/** Waits before each repetition of an upload, which is harmless to repeat. */
const UPLOAD_RETRY_MS = [500, 1500];
/** A vendor who asks for a longer wait than this gets no repetition: the caller is told at once. */
const MAX_RETRY_AFTER_MS = 5000;
/** A create whose answer was lost may show in the list a little later. */
const LOOK_FOR_MS = [0, 1000, 3000];
/** What the vendor gives at once; our jobs are known by how their task ids begin. */
const PAGE = 100;
const OURS = 'task-';

/** Doubleword's batch API through the official client (control-layer v10.13.1 and the hosted service). */
export function createDoubleword(options: DoublewordOptions): BatchApi {
  const { clock, model } = options;
  const timeout = options.timeoutMs ?? 30_000;
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl.replace(/\/+$/, ''),
    organization: null,
    project: null,
    adminAPIKey: null,
    timeout,
    // The client would repeat a create after a lost answer, and obey a Retry-After of a minute.
    maxRetries: 0,
    logLevel: 'off',
  });
  const errors = createDoublewordErrors({ apiKey: options.apiKey, model, baseUrl: client.baseURL });
  let window = options.window ?? '1h';

  /** One request within its time, its answer read to the end: the client's own timeout stops at the headers. */
  const ask = <T>(
    signal: AbortSignal | undefined,
    request: (options: { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> =>
    scopedSignal(signal, async (own, abort) => {
      let late = false;
      const cancelTimer = clock.setTimer(timeout, () => {
        late = true;
        abort();
      });
      try {
        return await request({ signal: own });
      } catch (error) {
        throw late ? new APIConnectionTimeoutError() : error;
      } finally {
        cancelTimer();
      }
    });

  /** Not the client's own list calls: those make an empty list of a web page. */
  const listPage = async (path: string, query: Record<string, unknown>, signal: AbortSignal | undefined) => {
    const page: unknown = await ask(signal, (own) => client.get(path, { query, ...own }));
    const data = isRecord(page) ? page.data : undefined;
    if (!isRecord(page) || !Array.isArray(data)) throw wrongBaseUrl(client.baseURL);
    return { data: data.filter(isRecord), hasMore: page.has_more === true };
  };

  const list = async (path: string, query: Record<string, unknown>, signal: AbortSignal | undefined) =>
    (await listPage(path, query, signal)).data;

  const listModels = async (signal: AbortSignal | undefined): Promise<readonly string[]> =>
    (await list('/models', {}, signal)).map((entry) => String(entry.id));

  /**
   * The server answers a wrong key without reading the upload, and the client then reports a broken connection
   * (EPIPE) and no 401. A small request finds the true reason.
   */
  const throwIfKeyRefused = async (signal: AbortSignal | undefined) => {
    try {
      await listModels(signal);
    } catch (error) {
      if (errors.isKeyRefusal(error)) throw error;
    }
  };

  const uploadOnce = async (jsonl: string, signal: AbortSignal | undefined): Promise<string> => {
    const file = await toFile(Buffer.from(jsonl), 'batch.jsonl', { type: 'application/jsonl' });
    const answer: unknown = await ask(signal, (own) => client.files.create({ file, purpose: 'batch' }, own));
    if (!isRecord(answer) || typeof answer.id !== 'string') throw wrongBaseUrl(client.baseURL);
    return answer.id;
  };

  const upload = async (jsonl: string, signal: AbortSignal | undefined): Promise<string> => {
    for (const wait of [...UPLOAD_RETRY_MS, undefined]) {
      try {
        return await uploadOnce(jsonl, signal);
      } catch (error) {
        if (errors.isConnection(error)) await throwIfKeyRefused(signal);
        const asked = errors.retryAfterMs(error) ?? 0;
        if (wait === undefined || !errors.isPassing(error) || asked > MAX_RETRY_AFTER_MS) throw error;
        await sleep(clock, Math.max(wait, asked), signal);
      }
    }
    throw new RangeError('unreachable: the last attempt returns or throws');
  };

  const find = async (
    taskId: string,
    signal: AbortSignal | undefined,
  ): Promise<BatchSnapshot | undefined> => {
    const data = await list('/batches', { limit: PAGE, search: taskId }, signal);
    return data.map(snapshotOf).find((snapshot) => snapshot?.taskId === taskId);
  };

  const listJobs = async (
    count: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly BatchSnapshot[]> => {
    const found = new Map<string, BatchSnapshot>();
    let after: string | undefined;
    while (found.size < count) {
      const query = { limit: Math.min(PAGE, count - found.size), search: OURS, ...(after ? { after } : {}) };
      const { data, hasMore } = await listPage('/batches', query, signal);
      const before = found.size;
      for (const snapshot of data.flatMap((batch) => snapshotOf(batch) ?? []))
        found.set(snapshot.jobId, snapshot);
      after = [...found.keys()].at(-1);
      // An `after` that the vendor does not know gives the first page again, for ever.
      if (!hasMore || found.size === before) break;
    }
    return [...found.values()];
  };

  /** After a create without a clear answer: did it happen? Rejects when the list cannot be read either. */
  const lookFor = async (taskId: string, signal: AbortSignal | undefined): Promise<string | undefined> => {
    let failure: unknown;
    for (const wait of LOOK_FOR_MS) {
      await sleep(clock, wait, signal);
      try {
        failure = undefined;
        const found = await find(taskId, signal);
        if (found) return found.jobId;
      } catch (error) {
        failure = error;
      }
    }
    if (failure !== undefined) throw failure;
    return undefined;
  };

  const createOnce = async (taskId: string, fileId: string, signal: AbortSignal | undefined) => {
    const batch = {
      input_file_id: fileId,
      endpoint: ENDPOINT,
      // Typed as `24h` only; the vendor allows others.
      completion_window: window as typeof FALLBACK_WINDOW,
      metadata: { task_id: taskId },
    } as const;
    const answer: unknown = await ask(signal, (own) => client.batches.create(batch, own));
    return snapshotOf(answer)?.jobId;
  };

  const create = async (taskId: string, fileId: string, signal: AbortSignal | undefined): Promise<string> => {
    let failure: unknown;
    try {
      const jobId = await createOnce(taskId, fileId, signal);
      if (jobId !== undefined) return jobId;
    } catch (error) {
      if (errors.isWindowRefusal(error) && window !== FALLBACK_WINDOW) {
        options.log?.warn(`Doubleword does not offer the ${window} window here: using ${FALLBACK_WINDOW}.`);
        window = FALLBACK_WINDOW;
        return create(taskId, fileId, signal);
      }
      if (!errors.isUnclear(error)) throw error;
      failure = error;
    }
    const found = await lookFor(taskId, signal);
    if (found !== undefined) return found;
    throw (
      failure ??
      new VoiceAgentError('VA_BATCH_FAILED', 'Doubleword did not say which job it created.', {
        retryable: true,
      })
    );
  };

  const download = async (fileId: string, signal: AbortSignal | undefined) => {
    const response = await client.files.content(fileId, signal ? { signal } : {});
    return readLimited(response, options.maxResultBytes ?? 8_000_000, clock, timeout, signal);
  };

  const readResult = async (
    snapshot: BatchSnapshot,
    signal: AbortSignal | undefined,
  ): Promise<BatchResult> => {
    if (snapshot.outputFileId !== undefined) {
      const output = await download(snapshot.outputFileId, signal);
      if (output === undefined) return { ok: false, reason: 'The result was too large to download.' };
      const result = readBatchOutput(output, snapshot.taskId);
      if (result) return result;
    }
    const failures = snapshot.errorFileId === undefined ? '' : await download(snapshot.errorFileId, signal);
    const reason = readBatchErrors(failures ?? '') ?? 'The batch service finished without an answer.';
    return { ok: false, reason };
  };

  const jsonlOf = ({ taskId, prompt }: BatchRequest) => {
    const messages = [
      { role: 'system', content: options.systemPrompt },
      { role: 'user', content: prompt },
    ];
    const maxTokens = options.maxTokens ?? 4096;
    const body = { model, messages, max_tokens: maxTokens, temperature: options.temperature ?? 0.7 };
    return `${JSON.stringify({ custom_id: taskId, method: 'POST', url: ENDPOINT, body })}\n`;
  };

  const run = <T>(signal: AbortSignal | undefined, work: (own: AbortSignal) => Promise<T>): Promise<T> =>
    errors.explained(() => scopedSignal(signal, work));

  return {
    submit: (task, signal) =>
      run(signal, async (own) => {
        const fileId = await upload(jsonlOf(task), own);
        return { jobId: await create(task.taskId, fileId, own) };
      }),

    retrieve: (jobId, signal) =>
      run(signal, async (own) => {
        try {
          const snapshot = snapshotOf(await ask(own, (options) => client.batches.retrieve(jobId, options)));
          if (!snapshot) throw wrongBaseUrl(client.baseURL);
          return snapshot;
        } catch (error) {
          if (!errors.isUnknownId(error)) throw error;
          return {
            jobId,
            status: 'gone',
            vendorStatus: 'unknown to the vendor',
            outputFileId: undefined,
            errorFileId: undefined,
          };
        }
      }),

    find: (taskId, signal) => run(signal, (own) => find(taskId, own)),

    list: (count, signal) => run(signal, (own) => listJobs(count, own)),

    result: (snapshot, signal) =>
      run(signal, async (own) => {
        try {
          return await readResult(snapshot, own);
        } catch (error) {
          if (!errors.isUnknownId(error)) throw error;
          return { ok: false, reason: 'The result is no longer stored at the batch service.' };
        }
      }),

    cancel: (jobId, signal) =>
      run(signal, async (own) => {
        const snapshot = snapshotOf(await ask(own, (options) => client.batches.cancel(jobId, options)));
        if (!snapshot) throw wrongBaseUrl(client.baseURL);
        return snapshot;
      }),

    check: (signal) =>
      run(signal, async (own) => {
        const models = await listModels(own);
        if (!models.includes(model)) throw errors.unknownModel(models);
      }),
  };
}
