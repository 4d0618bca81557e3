import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TextToSpeech } from '../../src/tts/textToSpeech.ts';
import { collect, pushable, texts } from './collect.ts';

export interface TtsSetup {
  readonly tts: TextToSpeech;
  close(): Promise<void>;
}

const never = () => new AbortController().signal;

/** What every `TextToSpeech` does, whatever is behind it. */
export function textToSpeechContract(name: string, setUp: () => Promise<TtsSetup>): void {
  describe(`${name} as TextToSpeech`, () => {
    let setup: TtsSetup;
    let tts: TextToSpeech;

    beforeEach(async () => {
      setup = await setUp();
      tts = setup.tts;
    });
    afterEach(async () => {
      await tts.close();
      await setup.close();
    });

    it('warms up, more than once', async () => {
      await tts.warm();
      await tts.warm();
    });

    it('speaks without having been warmed', async () => {
      expect((await collect(tts.speak(texts('Hello there.'), { signal: never() }))).ms).toBeGreaterThan(200);
    });

    it('spells the clauses, joined by single spaces, in marks that never go back and stay inside the audio', async () => {
      const said = ['Good morning!', 'It is 3.5 degrees outside.', 'Shall we begin?'];
      const { ms, marks, text } = await collect(tts.speak(texts(...said), { signal: never() }));
      expect(text).toBe(said.join(' '));
      const starts = marks.map(({ startMs }) => startMs);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      expect(starts[0]).toBeGreaterThanOrEqual(0);
      expect(starts.at(-1)).toBeLessThanOrEqual(ms);
    });

    it('marks a later clause about where it begins', async () => {
      const first = 'This is the first of two sentences.';
      const alone = await collect(tts.speak(texts(first), { signal: never() }));
      const both = await collect(tts.speak(texts(first, 'And the second.'), { signal: never() }));
      const second = both.marks[first.length + 1];
      expect(second?.char).toBe('A');
      expect(Math.abs((second?.startMs ?? 0) - alone.ms)).toBeLessThan(60);
    });

    it('speaks each clause as it comes, before the next is known', async () => {
      const source = pushable();
      const chunks = tts.speak(source, { signal: never() })[Symbol.asyncIterator]();
      source.push('One thing first.');
      const head = await chunks.next();
      expect(head.done).toBe(false);
      source.push('Then another.');
      source.end();
      let samples = 0;
      for (let next = await chunks.next(); !next.done; next = await chunks.next())
        samples += next.value.pcm.length;
      expect(samples).toBeGreaterThan(0);
    });

    it('says nothing for no clauses, and for blank ones', async () => {
      expect((await collect(tts.speak(texts(), { signal: never() }))).ms).toBe(0);
      expect((await collect(tts.speak(texts(' '), { signal: never() }))).ms).toBe(0);
    });

    it('ends early without an error when aborted, while waiting for text as well', async () => {
      const abort = new AbortController();
      const source = pushable();
      const done = collect(tts.speak(source, { signal: abort.signal }));
      source.push('This will be cut short.');
      setTimeout(() => abort.abort(), 30);
      await done;
      const aborted = await collect(tts.speak(texts('Never said.'), { signal: AbortSignal.abort() }));
      expect(aborted.ms).toBe(0);
    });

    it('yields nothing more after an abort, though audio was waiting', async () => {
      const abort = new AbortController();
      let after = 0;
      for await (const _ of tts.speak(texts('One.', 'Two.', 'Three.', 'Four.'), { signal: abort.signal })) {
        if (abort.signal.aborted) after += 1;
        abort.abort();
      }
      expect(after).toBe(0);
    });

    it('can speak again when the consumer has stopped taking', async () => {
      for await (const _ of tts.speak(texts('Left in the middle.', 'Of this.'), { signal: never() })) break;
      const { text } = await collect(tts.speak(texts('And now again.'), { signal: never() }));
      expect(text).toBe('And now again.');
    });

    it('keeps two utterances at once apart', async () => {
      const [a, b] = await Promise.all([
        collect(tts.speak(texts('The first one.', 'It goes on.'), { signal: never() })),
        collect(tts.speak(texts('The second, quite different.'), { signal: never() })),
      ]);
      expect(a?.text).toBe('The first one. It goes on.');
      expect(b?.text).toBe('The second, quite different.');
    });

    it('passes on what its source throws', async () => {
      const failing = (async function* () {
        yield 'So far so good.';
        throw new Error('the model broke');
      })();
      await expect(collect(tts.speak(failing, { signal: never() }))).rejects.toThrow('the model broke');
    });
  });
}
