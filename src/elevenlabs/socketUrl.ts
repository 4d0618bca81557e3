/** `http(s)://host[:port][/prefix]` → the WebSocket address of `path` there, with its query. */
export function socketUrl(
  baseUrl: string,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const url = new URL(baseUrl.replace(/\/+$/, '') + path);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.toString();
}
