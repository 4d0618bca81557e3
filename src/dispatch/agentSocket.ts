import { ServerMessage, WorkerMessage } from '@livekit/protocol';
import { AccessToken } from 'livekit-server-sdk';
import WebSocket from 'ws';
import type { LiveKitConfig } from '../config/config.ts';
import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';

/** LiveKit pings every 10 s, and answers our pings: silence for so long means a dead connection, ms. */
const SILENCE_MS = 30_000;
const PING_MS = 10_000;
const HANDSHAKE_MS = 10_000;
const TOKEN_TTL = '1h';

type ToServer = NonNullable<ConstructorParameters<typeof WorkerMessage>[0]>['message'];
export type FromServer = Extract<ServerMessage['message'], { case: string }>;

export interface AgentSocketHandlers {
  onMessage(message: FromServer): void;
  /** Once; nothing follows. */
  onEnd(error: VoiceAgentError): void;
}

/** One connection to LiveKit's agent dispatch: `GET <url>/agent`, protobuf in both directions. */
export interface AgentSocket {
  /** Does nothing on a connection that is gone. */
  send(message: NonNullable<ToServer>): void;
  /** Ends it from our side; `onEnd` is not called. */
  close(): void;
}

/** Resolves when the connection is open; rejects with `VA_ROOM_AUTH` or `VA_ROOM_UNREACHABLE` (retryable). */
export async function openAgentSocket(
  livekit: LiveKitConfig,
  handlers: AgentSocketHandlers,
  clock: Clock,
): Promise<AgentSocket> {
  const { url, apiKey, apiSecret } = livekit;
  const token = new AccessToken(apiKey, apiSecret, { ttl: TOKEN_TTL });
  token.addGrant({ agent: true });
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/agent`, {
    headers: { authorization: `Bearer ${await token.toJwt()}` },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: 4 * 1024 * 1024,
    perMessageDeflate: false,
  });
  await opened(socket, url);
  let live = true;
  let heardAt = clock.now();
  const send: AgentSocket['send'] = (message) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(new WorkerMessage({ message }).toBinary());
  };
  let cancelPing = () => {};
  const end = () => {
    live = false;
    cancelPing();
  };
  const lose = (why: string) => {
    if (!live) return;
    end();
    socket.terminate();
    handlers.onEnd(unreachable(url, why));
  };
  const keepAlive = () => {
    if (clock.now() - heardAt > SILENCE_MS) return socket.terminate();
    send({ case: 'ping', value: { timestamp: BigInt(Date.now()) } });
    cancelPing = clock.setTimer(PING_MS, keepAlive);
  };
  cancelPing = clock.setTimer(PING_MS, keepAlive);
  socket.on('ping', () => {
    heardAt = clock.now();
  });
  socket.on('message', (data, isBinary) => {
    heardAt = clock.now();
    if (!live || !isBinary || !Buffer.isBuffer(data)) return;
    const message = read(data);
    if (message === undefined) return lose('it sent what is no message');
    // A message that only newer versions know has no case.
    if (message.case !== undefined) handlers.onMessage(message);
  });
  socket.on('close', () => lose('the connection ended'));
  return {
    send,
    close() {
      end();
      socket.close(1000);
      // What LiveKit does not confirm at once is not waited for.
      clock.setTimer(1000, () => socket.terminate());
    },
  };
}

function read(data: Buffer): ServerMessage['message'] | undefined {
  try {
    return ServerMessage.fromBinary(data).message;
  } catch {
    return undefined;
  }
}

function opened(socket: WebSocket, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays for the socket's whole life: an error without a listener would end the process.
    socket.on('error', (error) => reject(unreachable(url, error.message)));
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      reject(
        statusCode === 401 || statusCode === 403 ? refused(url) : unreachable(url, `HTTP ${statusCode}`),
      );
    });
    socket.once('open', resolve);
  });
}

function unreachable(url: string, said: string): VoiceAgentError {
  return new VoiceAgentError(
    'VA_ROOM_UNREACHABLE',
    `LiveKit's agent dispatch at ${url} is not connected: check LIVEKIT_URL and that the server is running (${said}).`,
    { retryable: true },
  );
}

function refused(url: string): VoiceAgentError {
  return new VoiceAgentError(
    'VA_ROOM_AUTH',
    `LiveKit at ${url} refused us as an agent: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair that this server ` +
      "knows, and check this machine's time.",
  );
}
