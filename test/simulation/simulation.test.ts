import { expect, it } from 'vitest';
import { describeFailure } from './report.ts';
import { runSeeds } from './runSeeds.ts';

const SEEDS = 1_000;
/** What one test takes of them. */
const PART = 250;

it.each(Array.from({ length: SEEDS / PART }, (_, part) => 1 + part * PART))(
  'the invariants hold in the simulated calls from seed %i on',
  { timeout: 120_000 },
  async (from) => {
    const {
      failing: [first],
    } = await runSeeds(from, from + PART);
    expect(first === undefined ? '' : await describeFailure(first)).toBe('');
  },
);
