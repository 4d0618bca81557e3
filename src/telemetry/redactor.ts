/** Takes everything that must not be read by others out of a text. */
export type Redactor = (text: string) => string;

const MARK = '[redacted]';
/** Shorter values (`secret`, `devkey`) are ordinary words: taking them out would only shred the log. */
const SHORTEST_SECRET = 8;

/** What a key or a token looks like, whoever configured it: vendors echo keys that we never saw. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${MARK}`],
  // A JSON Web Token, signed or cut short: LiveKit's access tokens travel in URLs.
  [/\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g, MARK],
  // Anthropic and Doubleword write `sk-…`, ElevenLabs writes `sk_…`.
  [/(?<![A-Za-z0-9])sk[-_][\w-]{8,}/g, MARK],
  // A value has a digit or is long: "no API_KEY: thinking with …" is prose.
  [
    /((?:xi-|x-)?api[-_]?key|(?:access|participant|single[-_]use)?[-_]?token|(?:api|client)[-_]?secret|authorization|password)(["']?\s*[:=]\s*["']?)(?!\[redacted)(?:Bearer |Basic )?(?!\[redacted)(?=[^\s"',;&{}[\]]*\d|[^\s"',;&{}[\]]{16})[^\s"',;&{}[\]]{6,}/gi,
    `$1$2${MARK}`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+@/gi, `$1${MARK}@`],
];

/** `secrets` are the values that are known; the shapes of keys and tokens are taken out in any case. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])])
    // A secret that contains another one goes first, so that nothing of it is left over.
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, MARK);
    for (const [shape, replacement] of SHAPES) clean = clean.replace(shape, replacement);
    return clean;
  };
}
