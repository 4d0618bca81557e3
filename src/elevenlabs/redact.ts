/** Vendors sometimes echo what they were sent: no message may carry the key on. */
export function redact(text: string, secret: string): string {
  return secret.length === 0 ? text : text.replaceAll(secret, '[redacted]');
}
