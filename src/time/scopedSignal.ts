/**
 * Lends `work` a signal of its own that follows `signal`, or aborts by `abort`, and is let go of when the work is over. For
 * clients that put a listener on the signal of each request and never take it off: on a signal that lives as long as the
 * process that is a leak.
 */
export async function scopedSignal<T>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, abort: () => void) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const follow = () => own.abort(signal?.reason);
  if (signal?.aborted) follow();
  signal?.addEventListener('abort', follow, { once: true });
  try {
    return await work(own.signal, () => own.abort());
  } finally {
    signal?.removeEventListener('abort', follow);
  }
}
