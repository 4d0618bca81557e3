import type { SpeechToText, SttEvent, SttStream } from '../../src/stt/speechToText.ts';

/** A stream with everything it reported, and a way to wait for it. */
export interface Listening {
  readonly stream: SttStream;
  readonly events: SttEvent[];
  say(frames: readonly Int16Array[]): void;
  /** Resolves with the `count`th event of a type, or rejects after a generous time. */
  next<Type extends SttEvent['type']>(type: Type, count?: number): Promise<Extract<SttEvent, { type: Type }>>;
  /** Resolves with the text of a commit. */
  text(commitId: string): Promise<string>;
}

export function listen(stt: SpeechToText): Listening {
  const events: SttEvent[] = [];
  const checks = new Set<() => void>();
  const stream = stt.open((event) => {
    events.push(event);
    for (const check of [...checks]) check();
  });
  const until = <Value>(find: () => Value | undefined, what: string): Promise<Value> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${what} never came; there were ${JSON.stringify(events)}`)),
        10_000,
      );
      const check = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        checks.delete(check);
        resolve(found);
      };
      checks.add(check);
      check();
    });
  return {
    stream,
    events,
    say(frames) {
      for (const frame of frames) stream.write(frame);
    },
    next: <Type extends SttEvent['type']>(type: Type, count = 1) =>
      until(
        () =>
          events.filter((event): event is Extract<SttEvent, { type: Type }> => event.type === type)[
            count - 1
          ],
        `event ${type}`,
      ),
    text: (commitId) =>
      until(() => {
        const found = events.find((event) => event.type === 'committed' && event.commitId === commitId);
        return found?.type === 'committed' ? found.text : undefined;
      }, `the answer to ${commitId}`),
  };
}
