import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { openAgentSocket } from '../../src/dispatch/agentSocket.ts';
import { VirtualClock } from '../support/virtualClock.ts';

it('a server that sends what is no message costs the connection, not the process', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    // A field that claims to be longer than the message is.
    socket.on('message', () => socket.send(Uint8Array.of(0x0a, 0x7f, 1)));
  });
  const clock = new VirtualClock();
  const livekit = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'k',
    apiSecret: 's'.repeat(32),
  };
  let onEnd: (error: Error) => void = () => {};
  const ended = new Promise<Error>((resolve) => {
    onEnd = resolve;
  });
  const socket = await openAgentSocket(livekit, { onMessage: () => {}, onEnd }, clock);
  socket.send({ case: 'ping', value: { timestamp: 0n } });
  const error = await ended;
  expect(error).toMatchObject({ code: 'VA_ROOM_UNREACHABLE', retryable: true });
  expect(error.message).toContain('no message');
  expect(clock.pending).toBe(0);
  server.close();
});
