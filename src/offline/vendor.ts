import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hono } from 'hono';

/** One vendor's stand-in. Paths of different vendors do not collide, so several share one server. */
export interface OfflineVendor {
  /** HTTP routes, under the vendor's own paths. */
  readonly app: Hono;
  /** Takes over a WebSocket upgrade and returns true when the path is this vendor's. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
}
