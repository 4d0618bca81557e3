import { Refusal } from './refusal.ts';
import type { Account } from './state.ts';

export interface Accounts {
  /** For files and batches: a missing or refused key is 401 in plain text. */
  ofBatchRequest(authorization: string | undefined): Account;
  /** For `/models`: 401 in JSON. */
  ofModelsRequest(authorization: string | undefined): Account;
  /** For the real-time routes: 401 without a key, 403 with a wrong one. */
  ofRealTimeRequest(authorization: string | undefined): Account;
}

const DEFAULT_ACCOUNT: Account = { email: 'agent@offline.example', balance: 100, verified: true };

/** Keys that begin with `invalid` are refused; a key without an account of its own shares one. */
export function createAccounts(byKey: Readonly<Record<string, Partial<Account>>>): Accounts {
  const known = new Map(
    Object.entries(byKey).map(([key, account]): [string, Account] => [
      key,
      { ...DEFAULT_ACCOUNT, ...account },
    ]),
  );
  const keyOf = (authorization: string | undefined) => /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  const find = (key: string | undefined): Account | undefined =>
    key === undefined || /^invalid/i.test(key) ? undefined : (known.get(key) ?? DEFAULT_ACCOUNT);

  return {
    ofBatchRequest(authorization) {
      const account = find(keyOf(authorization));
      if (!account) throw Refusal.text(401, 'Authentication required');
      return account;
    },
    ofModelsRequest(authorization) {
      const key = keyOf(authorization);
      const account = find(key);
      if (account) return account;
      const error =
        key === undefined
          ? { code: 'missing_authorization', message: 'Missing Authorization header' }
          : { code: 'invalid_api_key', message: 'Invalid API key' };
      throw Refusal.json(401, { error: { ...error, param: null, type: 'authentication_error' } });
    },
    ofRealTimeRequest(authorization) {
      const key = keyOf(authorization);
      const account = find(key);
      if (account) return account;
      const [status, message, code] =
        key === undefined ? [401, 'Unauthenticated', 'unauthenticated'] : [403, 'Forbidden', 'forbidden'];
      throw Refusal.json(status, { error: { message, type: 'invalid_request_error', param: null, code } });
    },
  };
}
