import type { LiveKitConfig } from '../config/config.ts';
import { createToken } from '../room/token.ts';

/**
 * How a person gets into a room of this server, ready to paste. `configured`: the server's key and secret come from
 * the configuration, so that another command of ours has them too.
 */
export async function howToJoin(livekit: LiveKitConfig, room: string, configured: boolean): Promise<string> {
  const token = await createToken({ ...livekit, room, identity: 'you', kind: 'person', ttl: '24h' });
  return [
    'To talk to the agent, open any room on this server: whoever joins one is answered.',
    'For example in the LiveKit Playground (https://agents-playground.livekit.io, "Manual"), with',
    `  URL    ${livekit.url}`,
    `  token  ${token}`,
    ...(configured ? ['More tokens: voice-agent token --room <name> --identity <name>'] : []),
  ].join('\n');
}
