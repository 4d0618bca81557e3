const ERROR_TYPES = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
} as const satisfies Record<number, string>;

/** A refusal in the vendor's words; becomes the answer's status and body. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly type: string;

  constructor(status: number, message: string, type = errorTypeOf(status)) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export function errorTypeOf(status: number): string {
  return Object.entries(ERROR_TYPES).find(([known]) => Number(known) === status)?.[1] ?? 'api_error';
}

export function errorBody(type: string, message: string, requestId: string): object {
  return { type: 'error', error: { type, message }, request_id: requestId };
}

/** The commonest refusal. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, message);
}
