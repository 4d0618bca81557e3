import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { VoiceAgentError } from '../errors.ts';
import { createToken } from '../room/token.ts';

/** `voice-agent token`: a token with which a person joins a room. Printed alone, for scripts. */
export async function token(options: { room: string; identity: string }): Promise<void> {
  const { livekit } = loadConfig(readEnvironment(), { mode: 'tasks' });
  if (!livekit) {
    throw new VoiceAgentError(
      'VA_CONFIG',
      'LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are needed to make a token: "voice-agent start" prints ' +
        'one for the local server that it starts.',
    );
  }
  process.stdout.write(`${await createToken({ ...livekit, ...options, kind: 'person', ttl: '24h' })}\n`);
}
