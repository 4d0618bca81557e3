import type { Clock } from '../time/clock.ts';

/**
 * The text of a response, or undefined when it has more than `maxBytes`. Rejects when the body stalls for
 * `idleMs` or the signal aborts.
 */
export async function readLimited(
  response: Response,
  maxBytes: number,
  clock: Clock,
  idleMs: number,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  let stopIdle = () => {};
  let giveUp = (_why: unknown) => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  givenUp.catch(() => {});
  const onAbort = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      if (signal?.aborted) onAbort();
      stopIdle();
      stopIdle = clock.setTimer(idleMs, () => giveUp(new Error('the download stalled')));
      const { done, value } = await Promise.race([reader.read(), givenUp]);
      if (done) return new TextDecoder().decode(Buffer.concat(chunks));
      size += value.byteLength;
      if (size > maxBytes) return undefined;
      chunks.push(value);
    }
  } finally {
    stopIdle();
    signal?.removeEventListener('abort', onAbort);
    reader.cancel().catch(() => {});
  }
}
