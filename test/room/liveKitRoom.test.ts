import { RoomServiceClient } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe } from 'vitest';
import { disposeRtc } from '../../src/room/disposeRtc.ts';
import { joinLiveKitRoom } from '../../src/room/liveKitRoom.ts';
import { createToken } from '../../src/room/token.ts';
import { silentLogger as silentLog } from '../../src/telemetry/silentLogger.ts';
import { findTestServer, startTestServer, type TestLiveKitServer } from '../support/livekitServer.ts';
import { describeRoomContract } from './roomContract.ts';

const binary = await findTestServer();

describe.skipIf(binary === undefined)('a LiveKit room', () => {
  let server: TestLiveKitServer | undefined;
  let rooms = 0;
  beforeAll(async () => {
    if (binary !== undefined) server = await startTestServer(binary);
  });
  afterAll(async () => {
    await server?.stop();
    await disposeRtc();
  });

  describeRoomContract(() => {
    const room = `contract-${++rooms}`;
    return {
      async join(as) {
        if (server === undefined) throw new Error('no server');
        const token = await createToken({ ...server, ...as, room });
        return joinLiveKitRoom({ url: server.url, token, log: silentLog, ...as });
      },
      async destroy() {
        if (server === undefined) throw new Error('no server');
        await new RoomServiceClient(server.url, server.apiKey, server.apiSecret).deleteRoom(room);
      },
    };
  });
});
