import { TokenVerifier } from 'livekit-server-sdk';
import { describe, expect, it } from 'vitest';
import { createToken } from '../../src/room/token.ts';

const KEY = { apiKey: 'key', apiSecret: 'a-secret-of-more-than-thirty-two-characters' };
const verify = (token: string) => new TokenVerifier(KEY.apiKey, KEY.apiSecret).verify(token);

describe('createToken', () => {
  it('makes an agent that front ends show and whose state can change', async () => {
    const token = await createToken({
      ...KEY,
      room: 'r',
      identity: 'agent-1',
      name: 'Assistant',
      kind: 'agent',
    });
    expect(await verify(token)).toMatchObject({
      sub: 'agent-1',
      name: 'Assistant',
      kind: 'agent',
      attributes: { 'lk.agent.state': 'initializing' },
      video: { roomJoin: true, room: 'r', agent: true, canUpdateOwnMetadata: true, canPublish: true },
    });
  });

  it('makes a person without an agent’s rights', async () => {
    const token = await createToken({ ...KEY, room: 'r', identity: 'ada', kind: 'person', ttl: 60 });
    const claims = await verify(token);
    expect(claims).toMatchObject({ sub: 'ada', name: 'ada', video: { roomJoin: true, room: 'r' } });
    expect(claims.kind).toBeUndefined();
    expect(claims.video?.agent).toBeUndefined();
    expect(claims.attributes ?? {}).toEqual({});
    expect((claims.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(61);
  });

  it('lets attributes be given, and keeps the state beside them', async () => {
    const token = await createToken({
      ...KEY,
      room: 'r',
      identity: 'a',
      kind: 'agent',
      attributes: { lang: 'en' },
    });
    expect((await verify(token)).attributes).toEqual({ 'lk.agent.state': 'initializing', lang: 'en' });
  });
});
