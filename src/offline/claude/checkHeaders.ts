import { ApiError, badRequest } from './apiError.ts';

export type AuthScheme = 'bearer' | 'x-api-key';

/** Checks key and version like the vendor; any key passes that does not begin with `invalid`. */
export function checkHeaders(headers: Headers): AuthScheme {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const key = bearer ?? headers.get('x-api-key') ?? '';
  if (key.trim() === '') throw new ApiError(401, 'x-api-key header is required');
  if (key.startsWith('invalid')) {
    throw new ApiError(401, bearer ? 'Invalid bearer token' : 'invalid x-api-key');
  }
  if (!headers.get('anthropic-version')) throw badRequest('anthropic-version: header is required');
  return bearer ? 'bearer' : 'x-api-key';
}
