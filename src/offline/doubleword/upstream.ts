/** What the model behind the batch server answers to one request. */
export type UpstreamAnswer =
  /** `body` as an object is JSON; as a string it is an answer that was not JSON. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown; readonly afterMs?: number }
  | { readonly kind: 'networkError'; readonly error: string; readonly afterMs?: number }
  /** Accepted and never answered. */
  | { readonly kind: 'never' };

/** `attempt` counts from 1: the server repeats what may pass (408, 404, 429, 499, 5xx, network errors). */
export type Upstream = (body: Readonly<Record<string, unknown>>, attempt: number) => UpstreamAnswer;

/** The error text of a failed line: JSON in a string. `undefined` for an answer that counts as success. */
export function failureOf(answer: Exclude<UpstreamAnswer, { kind: 'never' }>): Failure | undefined {
  if (answer.kind === 'networkError') return failure('NetworkError', { error: answer.error }, true);
  if (answer.status < 400) return undefined;
  const retriable = answer.status >= 500 || [404, 408, 429, 499].includes(answer.status);
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const type = retriable ? 'RetriableHttpStatus' : 'NonRetriableHttpStatus';
  return failure(type, { status: answer.status, body }, retriable);
}

interface Failure {
  readonly message: string;
  readonly retriable: boolean;
}

function failure(type: string, details: Record<string, unknown>, retriable: boolean): Failure {
  return { message: JSON.stringify({ type, details }), retriable };
}
