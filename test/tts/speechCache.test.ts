import { describe, expect, it } from 'vitest';
import { OUTPUT_RATE } from '../../src/audio/format.ts';
import { SpeechCache } from '../../src/tts/speechCache.ts';

const second = [{ pcm: new Int16Array(OUTPUT_RATE), marks: [] }];

describe('the cache of speech made ahead', () => {
  it('keeps what fits, and forgets first what was not asked for longest', () => {
    const cache = new SpeechCache({ keptMs: 3_000 });
    for (const text of ['a', 'b', 'c']) cache.put(text, second);
    expect(cache.get('a')).toBe(second);
    cache.put('d', second);
    expect(['a', 'b', 'c', 'd'].filter((text) => cache.has(text))).toEqual(['a', 'c', 'd']);
  });

  it('counts a line once, however often it is made', () => {
    const cache = new SpeechCache({ keptMs: 2_000 });
    cache.put('a', second);
    for (let i = 0; i < 5; i++) cache.put('b', second);
    expect(cache.has('a')).toBe(true);
  });

  it('does not keep what is longer than all that it may keep', () => {
    const cache = new SpeechCache({ keptMs: 500 });
    cache.put('a', second);
    expect(cache.get('a')).toBeUndefined();
  });
});
