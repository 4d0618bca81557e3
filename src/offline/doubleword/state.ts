import type { Clock } from '../../time/clock.ts';

/** Whose files and batches these are; other accounts do not see them. */
export interface Account {
  readonly email: string;
  /** Below zero the vendor refuses new batches (402). */
  readonly balance: number;
  /** Unverified accounts may submit 1000 requests per hour of window. */
  readonly verified: boolean;
}

export interface OfflineModel {
  readonly id: string;
  /** Default `CHAT`. */
  readonly type?: 'CHAT' | 'EMBEDDINGS';
  /** Windows that this model allows; default: all of the server's. */
  readonly windows?: readonly string[];
  /** Whether it may be used in batches; default true. */
  readonly batch?: boolean;
}

export interface RequestLine {
  readonly customId: string;
  readonly url: string;
  readonly model: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface StoredFile {
  readonly id: string;
  readonly account: Account;
  readonly name: string;
  readonly text: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lines: readonly RequestLine[];
}

/** `order` counts finished items of the whole server: output files are in order of completion. */
export type ItemState =
  | { readonly is: 'pending' }
  | { readonly is: 'inProgress' }
  | { readonly is: 'cancelled' }
  | { readonly is: 'completed'; readonly order: number; readonly status: number; readonly body: unknown }
  | { readonly is: 'failed'; readonly order: number; readonly error: string };

export interface BatchItem {
  readonly id: string;
  readonly line: RequestLine;
  state: ItemState;
  /** Detaches whatever the item waits for. */
  stop: () => void;
}

/** Times are whole seconds of the epoch, as on the wire. */
export interface StoredBatch {
  readonly id: string;
  readonly account: Account;
  readonly endpoint: string;
  inputFileId: string;
  readonly window: string;
  readonly outputFileId: string;
  readonly errorFileId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly items: readonly BatchItem[];
  populated: boolean;
  inProgressAt?: number;
  finalizingAt?: number;
  completedAt?: number;
  failedAt?: number;
  cancelledAt?: number;
}

/** Everything that the stand-in remembers; newest last. */
export interface State {
  readonly clock: Clock;
  readonly files: Map<string, StoredFile>;
  readonly batches: Map<string, StoredBatch>;
  /** Whole seconds of the epoch. */
  seconds(): number;
  milliseconds(): number;
}

export function createState(clock: Clock, startedAt: number): State {
  const zero = clock.now();
  const milliseconds = () => startedAt + (clock.now() - zero);
  return {
    clock,
    files: new Map(),
    batches: new Map(),
    milliseconds,
    seconds: () => Math.floor(milliseconds() / 1000),
  };
}
