import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpeechToText, SttEvent } from '../../src/stt/speechToText.ts';
import { type Listening, listen } from './listen.ts';

export interface SttSetup {
  readonly stt: SpeechToText;
  /** Two pieces of speech in 20 ms frames, with a pattern for the text they are heard as. */
  readonly first: { readonly frames: readonly Int16Array[]; readonly text: RegExp };
  readonly second: { readonly frames: readonly Int16Array[]; readonly text: RegExp };
  close(): Promise<void>;
}

const quiet = (count: number) => Array.from({ length: count }, () => new Int16Array(320));

/** What every `SpeechToText` does, whatever is behind it. */
export function speechToTextContract(name: string, setUp: () => Promise<SttSetup>): void {
  describe(`${name} as SpeechToText`, () => {
    let setup: SttSetup;
    let line: Listening;

    beforeEach(async () => {
      setup = await setUp();
      line = listen(setup.stt);
    });
    afterEach(async () => {
      await line.stream.close();
      await setup.close();
    });

    it('answers each commit once, in order, with its own id and its own words', async () => {
      line.say(setup.first.frames);
      line.stream.commit('a');
      line.say(setup.second.frames);
      line.stream.commit('b');
      await line.text('b');
      const answers = line.events.filter((event) => event.type === 'committed');
      expect(answers.map((event) => event.commitId)).toEqual(['a', 'b']);
      expect(answers[0]?.text).toMatch(setup.first.text);
      expect(answers[1]?.text).toMatch(setup.second.text);
    });

    it('answers silence with an empty text', async () => {
      line.say(quiet(40));
      line.stream.commit('silence');
      expect(await line.text('silence')).toBe('');
    });

    it('answers a commit without any audio, and one with too little, in their places', async () => {
      line.stream.commit('nothing');
      line.say(setup.first.frames);
      line.stream.commit('speech');
      line.stream.commit('nothing again');
      line.say(quiet(3));
      line.stream.commit('little');
      expect(await line.text('little')).toBe('');
      const ids = line.events.flatMap((event) => (event.type === 'committed' ? [event.commitId] : []));
      expect(ids).toEqual(['nothing', 'speech', 'nothing again', 'little']);
      expect(await line.text('nothing again')).toBe('');
      expect(await line.text('speech')).toMatch(setup.first.text);
    });

    it('reports nothing from within write and commit', async () => {
      await line.next('connected');
      const before = line.events.length;
      line.stream.commit('x');
      expect(line.events.length).toBe(before);
      await line.text('x');
    });

    it('keeps the caller’s buffer apart from its own: a frame may be reused after write', async () => {
      const shared = new Int16Array(320);
      for (const frame of setup.first.frames) {
        shared.set(frame);
        line.stream.write(shared);
      }
      shared.fill(0);
      line.stream.commit('reused');
      expect(await line.text('reused')).toMatch(setup.first.text);
    });

    it('goes on after a listener that throws', async () => {
      const seen: SttEvent[] = [];
      const answered = new Promise<void>((resolve) => {
        const stream = setup.stt.open((event) => {
          seen.push(event);
          if (event.type === 'committed' && event.commitId === 'two') {
            void stream.close().then(resolve);
          }
          throw new Error('a listener of the test fails');
        });
        for (const id of ['one', 'two']) {
          for (const frame of setup.first.frames) stream.write(frame);
          stream.commit(id);
        }
      });
      await answered;
      expect(seen.filter((event) => event.type === 'committed')).toHaveLength(2);
    });

    it('reports nothing after close, and takes writes and commits without complaint', async () => {
      line.say(setup.first.frames);
      line.stream.commit('open');
      await line.stream.close();
      const before = line.events.length;
      line.say(setup.first.frames);
      line.stream.commit('late');
      await line.stream.close();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(line.events.length).toBe(before);
    });
  });
}
