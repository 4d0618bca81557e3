import { AccessToken } from 'livekit-server-sdk';
import { ATTRIBUTE } from './topics.ts';

export interface TokenOptions {
  /** LIVEKIT_API_KEY. */
  readonly apiKey: string;
  /** LIVEKIT_API_SECRET. */
  readonly apiSecret: string;
  readonly room: string;
  readonly identity: string;
  /** What front ends show; default: the identity. */
  readonly name?: string;
  readonly kind: 'agent' | 'person';
  /** Seconds in which it must be used, or a span such as `'10m'`; default one hour. Those who joined stay longer. */
  readonly ttl?: number | string;
  /** Participant attributes from the first moment on. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * A token to join one room. An agent's has kind AGENT, by which front ends and the server recognise it (without that
 * it is heard but never shown), starts in the state `initializing`, and may change its own attributes (without that
 * its state would freeze, and no error would say so).
 */
export function createToken(options: TokenOptions): Promise<string> {
  const { apiKey, apiSecret, room, identity, kind } = options;
  const agent = kind === 'agent';
  const token = new AccessToken(apiKey, apiSecret, {
    identity,
    name: options.name ?? identity,
    ttl: options.ttl ?? '1h',
    attributes: { ...(agent ? { [ATTRIBUTE.agentState]: 'initializing' } : {}), ...options.attributes },
  });
  if (agent) token.kind = 'agent';
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
    ...(agent ? { agent: true, canUpdateOwnMetadata: true } : {}),
  });
  return token.toJwt();
}
