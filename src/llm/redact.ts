const ANTHROPIC_KEY = /sk-ant-[\w-]+/g;

/** `text` without `secret` (and without anything that looks like an Anthropic key), safe for messages and logs. */
export function redact(text: string, secret: string): string {
  const known = secret === '' ? text : text.replaceAll(secret, '[redacted]');
  return known.replace(ANTHROPIC_KEY, '[redacted]');
}
