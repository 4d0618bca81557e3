import { connect, createServer, type Socket } from 'node:net';

export interface FlakyProxy {
  readonly port: number;
  /** Cuts every connection; new ones are accepted again at once. */
  drop(): void;
  /** Accepts nothing and cuts what there is, until `allow`. */
  refuse(): void;
  allow(): void;
  stop(): Promise<void>;
}

/** A TCP relay on loopback whose connections can be cut: a network fault on demand. */
export function startFlakyProxy(targetPort: number): Promise<FlakyProxy> {
  const sockets = new Set<Socket>();
  let refusing = false;
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('error', () => other.destroy());
      socket.pipe(other);
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        drop,
        refuse() {
          refusing = true;
          drop();
        },
        allow() {
          refusing = false;
        },
        stop() {
          drop();
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}
