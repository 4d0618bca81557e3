import { createHash } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';

/** A delivery as LiveKit makes it: `authorization` is a token with the hash of exactly these bytes. */
export interface Delivery {
  readonly body: string;
  readonly authorization: string;
}

/** Signs a webhook's body as a LiveKit server with this key does. `ttl`: of the signature, s or a span. */
export async function signedWebhook(
  event: object,
  { apiKey, apiSecret, ttl = '5m' }: { apiKey: string; apiSecret: string; ttl?: string | number },
): Promise<Delivery> {
  const body = JSON.stringify(event);
  return { body, authorization: await signature(body, { apiKey, apiSecret, ttl }) };
}

export async function signature(
  body: string,
  { apiKey, apiSecret, ttl = '5m' }: { apiKey: string; apiSecret: string; ttl?: string | number },
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { ttl });
  token.sha256 = createHash('sha256').update(body).digest('base64');
  return token.toJwt();
}
