import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { VoiceAgentError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import type { Metrics } from './metrics.ts';
import { type WebhookRouteOptions, webhookRoute } from './webhookRoute.ts';

/** A request that is not complete after this time is given up, ms. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface HttpServerOptions {
  /** Address to listen at, such as `127.0.0.1` or `0.0.0.0`. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Missing where no webhooks are taken. */
  readonly intake?: WebhookRouteOptions['intake'];
  /** Why no new call can be taken at this moment; nothing: one can. Asked for each `/readyz`. */
  readonly notReady: () => readonly string[];
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly rate?: WebhookRouteOptions['rate'];
}

export interface HttpServer {
  /** `http://<host>:<port>`, with the port that it really has. */
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The program's HTTP server: webhooks, `/healthz` (the process lives), `/readyz` (it takes calls; 503 and the reasons
 * when not), `/metrics` (Prometheus). Rejects with `VA_SERVER` when the port cannot be had.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, intake, notReady, metrics, clock, rate } = options;
  const app = new Hono();
  if (intake !== undefined) app.route('/', webhookRoute({ intake, clock, ...(rate && { rate }) }));
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) => {
    const reasons = notReady();
    return context.json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    return context.body(await metrics.text(), 200, { 'content-type': metrics.contentType });
  });
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, getRequestListener(app.fetch));
  await listen(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program has it' : error.message;
      reject(
        new VoiceAgentError(
          'VA_SERVER',
          `Port ${port} at ${host} cannot be listened at (${why}): set PORT or --port to another one, or HTTP_HOST.`,
          { cause: error },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}
