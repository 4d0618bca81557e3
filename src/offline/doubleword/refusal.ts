/** An answer that is not the one asked for, with the vendor's own status and body. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;

  private constructor(status: number, body: string, headers: Readonly<Record<string, string>>) {
    super(`${status} ${body}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  /** Files and batches refuse in plain text. */
  static text(status: number, text: string): Refusal {
    return new Refusal(status, text, { 'content-type': 'text/plain; charset=utf-8' });
  }

  /** Limits, `/models` and the real-time routes refuse in JSON. */
  static json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Refusal {
    return new Refusal(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  }

  /** The body says 30 seconds, the header 60: so does the vendor. */
  static tooManyRequests(message: string): Refusal {
    const body = { error: 'too_many_requests', message, retry_after_seconds: 30 };
    return Refusal.json(429, body, { 'retry-after': '60' });
  }

  static unavailable(message: string): Refusal {
    const body = { error: 'service_unavailable', message, retry_after_seconds: 30 };
    return Refusal.json(503, body, { 'retry-after': '30' });
  }

  static noCredit(): Refusal {
    return Refusal.text(402, 'Account balance too low. Please add credits to continue.');
  }

  response(): Response {
    return new Response(this.body, { status: this.status, headers: { ...this.headers } });
  }
}
