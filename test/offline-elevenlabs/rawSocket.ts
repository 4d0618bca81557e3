import WebSocket from 'ws';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export type Frame = Record<string, unknown>;

/** A bare client: everything that the server said, and how it ended. */
export class RawSocket {
  readonly frames: Frame[] = [];
  readonly closed: Promise<Closed>;
  readonly #socket: WebSocket;
  readonly #checks = new Set<() => void>();

  constructor(url: string, key: string | null = 'good-key') {
    this.#socket = new WebSocket(url, { headers: key === null ? {} : { 'xi-api-key': key } });
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.#socket.on('error', () => {});
    this.#socket.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()));
      for (const check of [...this.#checks]) check();
    });
  }

  get opened(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState === WebSocket.OPEN) resolve();
      else this.#socket.once('open', () => resolve());
    });
  }

  /** The HTTP answer to a refused upgrade. */
  get refused(): Promise<{ status: number; body: unknown }> {
    return new Promise((resolve) => {
      this.#socket.on('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (part) => {
          body += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) }));
      });
    });
  }

  send(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  ping(): void {
    this.#socket.ping();
  }

  close(): void {
    this.#socket.terminate();
  }

  ofType(type: string): Frame[] {
    return this.frames.filter((frame) => frame.message_type === type);
  }

  /** Resolves when `count` frames fit. */
  until(fits: (frame: Frame) => boolean, count = 1): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not seen; there were ${JSON.stringify(this.frames)}`)),
        10_000,
      );
      const check = () => {
        const found = this.frames.filter(fits)[count - 1];
        if (found === undefined) return;
        clearTimeout(timer);
        this.#checks.delete(check);
        resolve(found);
      };
      this.#checks.add(check);
      check();
    });
  }

  untilType(type: string, count = 1): Promise<Frame> {
    return this.until((frame) => frame.message_type === type, count);
  }
}
