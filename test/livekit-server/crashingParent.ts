import { startLiveKitServer } from '../../src/livekit-server/startLiveKitServer.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';

// Starts the server named on the command line, says so, and dies the way a crash in native code does.
const server = await startLiveKitServer({ bin: process.argv[2] ?? '', log: silentLogger });
process.stdout.write(`${server.url}\n`, () => process.kill(process.pid, 'SIGKILL'));
