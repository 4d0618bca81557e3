import { randomBytes } from 'node:crypto';
import type { Clock } from '../../time/clock.ts';

export const TOKEN_TYPES = ['realtime_scribe', 'batch_scribe', 'tts_websocket'] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

/** Keys and single-use tokens. Any key is good that is not empty and does not begin with `invalid`. */
export class Credentials {
  readonly #clock: Clock;
  readonly #tokens = new Map<string, { readonly type: TokenType; readonly expiresAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isGoodKey(key: string | undefined): boolean {
    return key !== undefined && key !== '' && !key.startsWith('invalid');
  }

  issue(type: TokenType, lifeMs: number): string {
    const token = `sutkn_${randomBytes(24).toString('hex')}`;
    this.#tokens.set(token, { type, expiresAt: this.#clock.now() + lifeMs });
    return token;
  }

  /** Good once, for its own service, until it expires. */
  consume(token: string, type: TokenType): boolean {
    const issued = this.#tokens.get(token);
    if (issued === undefined || issued.type !== type) return false;
    this.#tokens.delete(token);
    return this.#clock.now() <= issued.expiresAt;
  }
}
