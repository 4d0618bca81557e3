import { liveKitVenue, localVenue, type Venue } from '../app/venue.ts';
import type { Config, LiveKitConfig } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { findLiveKitServer } from '../livekit-server/findLiveKitServer.ts';
import { startLiveKitServer } from '../livekit-server/startLiveKitServer.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';

export interface OpenVenue {
  readonly venue: Venue;
  /** The server, when there is one to watch and to send people to. */
  readonly livekit: LiveKitConfig | undefined;
  close(): Promise<void>;
}

/** The configured LiveKit, else a livekit-server of this machine, else rooms inside this process. Nobody waits. */
export async function openVenue(
  config: Config,
  options: { env: Environment; clock: Clock; log: Logger },
): Promise<OpenVenue> {
  if (config.livekit) {
    return { venue: liveKitVenue(config.livekit, options), livekit: config.livekit, close: async () => {} };
  }
  const bin = await findLiveKitServer(options.env);
  if (bin === undefined) return { venue: localVenue(options), livekit: undefined, close: async () => {} };
  const server = await startLiveKitServer({ bin, log: options.log });
  void server.ended.then((error) => {
    if (error) options.log.error(error.message, { code: error.code });
  });
  return { venue: liveKitVenue(server, options), livekit: server, close: () => server.stop() };
}
