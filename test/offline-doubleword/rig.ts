import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import type { OfflineModel } from '../../src/offline/doubleword/state.ts';
import { VirtualClock } from '../support/virtualClock.ts';
import { createRigUpstream } from './rigUpstream.ts';

export const MODEL = 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8';
export const STARTED_AT = 1_795_334_847_000;

const MODELS: readonly OfflineModel[] = [
  { id: MODEL },
  { id: 'rig/24h-only', windows: ['24h'] },
  { id: 'rig/no-batch', batch: false },
];

const ACCOUNTS = {
  'sk-agent': { email: 'agent@rig.example', verified: false },
  'sk-admin': { email: 'admin@rig.example' },
  'sk-other': { email: 'other@rig.example' },
  'sk-broke': { email: 'broke@rig.example', balance: -1 },
} as const;

export interface Rig {
  readonly clock: VirtualClock;
  /** Calls the server as a client would; `key` undefined sends none. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  upload(jsonl: string, options?: UploadOptions): Promise<Response>;
}

export interface CallOptions {
  readonly key?: string | undefined;
  readonly body?: string;
}

export interface UploadOptions {
  readonly key?: string;
  readonly name?: string;
  readonly purpose?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface RigOptions {
  readonly windows?: readonly string[];
  readonly populateMs?: number;
  /** Milliseconds until the model answers, by what it is asked. */
  readonly delays?: Readonly<Record<string, number>>;
}

/** A server set up as the recorded one was, on a clock that only the test moves. */
export function createRig(options: RigOptions = {}): Rig {
  const clock = new VirtualClock();
  const seconds = () => Math.floor((STARTED_AT + clock.now()) / 1000);
  const server = createOfflineDoubleword({
    clock,
    startedAt: STARTED_AT,
    models: MODELS,
    accounts: ACCOUNTS,
    upstream: createRigUpstream(seconds, options.delays ?? {}),
    populateMs: options.populateMs ?? 120,
    ...(options.windows ? { allowedWindows: options.windows } : {}),
  });
  const call = async (method: string, path: string, { key, body }: CallOptions = { key: 'sk-agent' }) => {
    const headers = {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    return server.app.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
  };
  return {
    clock,
    call,
    async upload(
      jsonl,
      { key = 'sk-agent', name = 'rig-mwrk0hz3.jsonl', purpose = 'batch', fields = {} } = {},
    ) {
      const form = new FormData();
      form.append('file', new File([jsonl], name, { type: 'application/jsonl' }));
      form.append('purpose', purpose);
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      const headers = { authorization: `Bearer ${key}` };
      return server.app.request('/ai/v1/files', { method: 'POST', headers, body: form });
    },
  };
}

/** A request line as the recorded client wrote it. */
export function line(customId: string, text: string, more: Record<string, unknown> = {}): string {
  const messages = [
    { role: 'system', content: 'You are a test.' },
    { role: 'user', content: text },
  ];
  const { model = MODEL, url = '/v1/chat/completions', method = 'POST', ...extra } = more;
  const body = { model, messages, max_tokens: 64, temperature: 0.7, ...extra };
  return JSON.stringify({ custom_id: customId, method, url, body });
}

export function lines(...all: string[]): string {
  return all.join('\n');
}
