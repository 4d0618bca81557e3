import { createAgent } from '../app/agent.ts';
import { agentIdentity, liveKitVenue } from '../app/venue.ts';
import type { Config } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { secretsOf } from '../config/secretsOf.ts';
import { VoiceAgentError } from '../errors.ts';
import { createMoonshine } from '../perception/moonshine.ts';
import type { Room } from '../room/room.ts';
import type { Session } from '../session/session.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import { systemClock } from '../time/systemClock.ts';
import type { Call, JoinRoomOptions } from './call.ts';
import { closeAll } from './closeAll.ts';

/** What `joinRoom` does, apart from it so that a program that only defines tools loads none of this. */
export async function openCall(options: JoinRoomOptions): Promise<Call> {
  const { tools = [], observers = [], signal } = options;
  const config = configOf(options);
  const clock = systemClock;
  const log = options.log ?? createLogger({ level: config.logLevel, secrets: secretsOf(config) });
  const recogniser = createMoonshine();
  recogniser.warm().catch((error: unknown) => log.warn('no local recogniser', { error }));
  const closers: (() => Promise<void>)[] = [() => recogniser.close()];
  let room: Room;
  let session: Session;
  try {
    const agent = await createAgent(config, { clock, log, recogniser, tools });
    closers.push(() => agent.close());
    room =
      typeof options.room === 'string' ? await join(config, options.room, { log, signal }) : options.room;
    closers.push(() => room.leave());
    session = await agent.serve(room, observers);
    closers.pop();
  } catch (error) {
    await closeAll(closers, log);
    throw error;
  }
  const hangUp = () => session.hangUp();
  const onAbort = () => void hangUp();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const ended = session.ended.then(async (end) => {
    signal?.removeEventListener('abort', onAbort);
    await closeAll(closers, log);
    return end;
  });
  return { room: room.name, ended, hangUp };
}

/** Keys are needed as for `voice-agent join`; LiveKit's only where a room is given by name. */
function configOf({ room, settings = {} }: JoinRoomOptions): Config {
  const env = { ...readEnvironment(), ...settings };
  if (typeof room === 'string') return loadConfig(env, { mode: 'join' });
  const config = loadConfig(env, { mode: 'start' });
  const missing = [
    ...(config.offline.claude ? ['ANTHROPIC_API_KEY'] : []),
    ...(config.offline.elevenLabs ? ['ELEVENLABS_API_KEY'] : []),
    ...(config.offline.doubleword ? ['DOUBLEWORD_API_KEY'] : []),
  ];
  if (missing.length === 0) return config;
  throw new VoiceAgentError(
    'VA_CONFIG',
    `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing: set them in the environment, in .env, or in joinRoom's settings.`,
  );
}

async function join(
  config: Config,
  room: string,
  { log, signal }: { log: Logger; signal: AbortSignal | undefined },
): Promise<Room> {
  if (!config.livekit) {
    throw new VoiceAgentError(
      'VA_CONFIG',
      "LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are missing: set them in the environment, in .env, or in joinRoom's settings.",
    );
  }
  return liveKitVenue(config.livekit, { clock: systemClock, log }).join({
    room,
    identity: agentIdentity(),
    name: config.agent.name,
    kind: 'agent',
    ...(signal === undefined ? {} : { signal }),
  });
}
