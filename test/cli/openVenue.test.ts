import { describe, expect, it } from 'vitest';
import { openVenue } from '../../src/cli/openVenue.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { Logger } from '../../src/telemetry/log.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { findTestServer } from '../support/livekitServer.ts';

const bin = await findTestServer();

describe.skipIf(bin === undefined)('openVenue with a livekit-server on this machine', () => {
  it('says once where it runs', async () => {
    const env = {
      ...process.env,
      LIVEKIT_URL: undefined,
      LIVEKIT_SERVER_BIN: bin?.includes('/') ? bin : undefined,
    };
    const said: string[] = [];
    const log: Logger = { ...silentLogger, info: (message) => said.push(message) };
    const config = loadConfig({}, { mode: 'start' });
    const open = await openVenue(config, { env, clock: systemClock, log });
    await open.close();
    expect(said.filter((line) => line.includes(open.livekit?.url ?? 'no server'))).toHaveLength(1);
  });
});
