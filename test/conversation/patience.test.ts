import { describe, expect, it } from 'vitest';
import { PATIENCE_MS, patience } from '../../src/conversation/patience.ts';

describe('patience', () => {
  it.each([
    ['What is the capital of France?', 'sentence'],
    ['Yes.', 'complete'],
    ['Stop!', 'complete'],
    ['Please create a business plan for a coffee shop.', 'sentence'],
    ['Who is he?', 'sentence'],
    ['create a business plan', 'unmarked'],
    ['', 'unmarked'],
    ['I would like to', 'open'],
    ["I'd like to.", 'open'],
    ['I want a plan and', 'open'],
    ['Well, um', 'open'],
    ['First of all,', 'open'],
    ['I was think-', 'open'],
    ['My number is five five', 'open'],
    ['My number is 5 5.', 'open'],
    ['It costs five.', 'sentence'],
    ['No, thank you.', 'sentence'],
    ['Paris.', 'complete'],
    ['Paris, please.', 'complete'],
    ['thank you', 'complete'],
  ] as const)('%j is %s', (text, expected) => {
    expect(patience(text)).toBe(PATIENCE_MS[expected]);
  });
});
