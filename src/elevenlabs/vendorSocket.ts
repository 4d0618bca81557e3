import WebSocket from 'ws';

/** Why a socket is gone. Reported once; nothing follows. */
export type SocketEnd =
  /** The HTTP upgrade was answered with something other than 101. */
  | { readonly type: 'refused'; readonly status: number; readonly body: string }
  /** No connection, or it broke: no close frame (ws reports 1006). */
  | { readonly type: 'broken'; readonly error: Error | undefined }
  | { readonly type: 'closed'; readonly code: number; readonly reason: string };

export interface SocketHandlers {
  onOpen(): void;
  onMessage(text: string): void;
  onEnd(end: SocketEnd): void;
}

/** A `ws` client reduced to what the adapters use. Sending on a socket that is not open does nothing. */
export interface VendorSocket {
  send(text: string): void;
  /** Detaches the handlers at once, says goodbye, and resolves when the socket is gone (1 s at most). */
  close(): Promise<void>;
  /** Detaches the handlers and destroys the connection. */
  destroy(): void;
}

const BODY_LIMIT = 4096;
const GOODBYE_MS = 1000;

export function openVendorSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
  handlers: SocketHandlers,
): VendorSocket {
  const socket = new WebSocket(url, { headers, maxPayload: 16 * 1024 * 1024, perMessageDeflate: false });
  let live = true;
  let failure: Error | undefined;
  const end = (reason: SocketEnd) => {
    if (!live) return;
    live = false;
    handlers.onEnd(reason);
  };
  socket.on('open', () => live && handlers.onOpen());
  socket.on('message', (data) => live && handlers.onMessage(data.toString()));
  socket.on('error', (error) => {
    failure = error;
  });
  socket.on('close', (code, reason) => {
    // 1005: a close frame that carries no code. 1006: no close frame at all.
    if (code === 1006) end({ type: 'broken', error: failure });
    else end({ type: 'closed', code, reason: reason.toString() });
  });
  socket.on('unexpected-response', (request, response) => {
    let body = '';
    const refused = () => {
      end({ type: 'refused', status: response.statusCode ?? 0, body });
      request.destroy();
    };
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      if (body.length < BODY_LIMIT) body += part;
    });
    response.on('end', refused);
    response.on('error', refused);
  });
  return {
    send(text) {
      if (live && socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      live = false;
      if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
        else socket.close(1000);
      });
    },
    destroy() {
      live = false;
      socket.terminate();
    },
  };
}
