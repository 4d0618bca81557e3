import type { Config } from './config.ts';
import { passwordOf } from './passwordOf.ts';

/** The values that must never be written anywhere: for `createLogger` and `createRedactor`. */
export function secretsOf(config: Config): readonly string[] {
  const values = [
    config.livekit?.apiSecret,
    config.claude.apiKey,
    config.elevenLabs.apiKey,
    config.doubleword.apiKey,
    passwordOf(config.dispatch.redisUrl),
  ];
  return values.filter((value) => value !== undefined);
}
