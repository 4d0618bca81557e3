import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** A TCP port that is free on loopback at this moment: the preferred one if it can be had. */
export async function freeTcpPort(preferred: number): Promise<number> {
  return (await tryTcp(preferred)) ?? (await tryTcp(0)) ?? preferred;
}

/** The same for UDP. */
export async function freeUdpPort(preferred: number): Promise<number> {
  return (await tryUdp(preferred)) ?? (await tryUdp(0)) ?? preferred;
}

function tryTcp(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function tryUdp(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(undefined)));
    socket.bind({ port, address: LOOPBACK, exclusive: true }, () => {
      const { port: bound } = socket.address();
      socket.close(() => resolve(bound));
    });
  });
}
