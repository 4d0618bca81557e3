import { describe, expect, it } from 'vitest';
import { howToJoin } from '../../src/cli/howToJoin.ts';

const LIVEKIT = {
  url: 'ws://127.0.0.1:7880',
  apiKey: 'key',
  apiSecret: 'a-secret-of-more-than-thirty-two-characters',
};

describe('howToJoin', () => {
  it('names the command for more tokens where that command knows the secret', async () => {
    expect(await howToJoin(LIVEKIT, 'my-room', true)).toMatch(/voice-agent token --room/);
  });

  it('does not name it for a server whose secret nobody else has', async () => {
    const text = await howToJoin(LIVEKIT, 'my-room', false);
    expect(text).not.toMatch(/voice-agent token/);
    expect(text).toContain(LIVEKIT.url);
    expect(text).toMatch(/token {2}eyJ/);
    expect(text).not.toContain(LIVEKIT.apiSecret);
  });
});
