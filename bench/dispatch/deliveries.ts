import type { WebhookIntake } from '../../src/dispatch/webhookIntake.ts';
import { type HttpServer, startHttpServer } from '../../src/server/httpServer.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';

/** Our HTTP server as LiveKit's webhooks reach it; it writes down when each came. */
export class Deliveries {
  #intake: WebhookIntake | undefined;
  #http: HttpServer | undefined;
  /** Arrival of the first delivery of each event, by `<event> <room>`; ms since 1970. */
  readonly at = new Map<string, number>();

  async listen(port: number): Promise<void> {
    this.#http = await startHttpServer({
      host: '127.0.0.1',
      port,
      intake: async (body, authorization) => {
        const now = performance.timeOrigin + performance.now();
        const { event, room } = JSON.parse(body);
        const key = `${event} ${room?.name}`;
        if (!this.at.has(key)) this.at.set(key, now);
        return (await this.#intake?.(body, authorization)) ?? 'ignored';
      },
      notReady: () => [],
      metrics: createMetrics({ places: () => 1 }),
      clock,
    });
  }

  /** Undefined: deliveries are only written down. */
  forward(intake: WebhookIntake | undefined): void {
    this.#intake = intake;
  }

  async close(): Promise<void> {
    await this.#http?.close();
  }
}
