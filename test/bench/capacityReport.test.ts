import { expect, test } from 'vitest';
import { type CapacityStep, capacityReport, shortfall } from '../../bench/capacity/report.ts';

const step: CapacityStep = {
  calls: 5,
  placed: 5,
  agentCores: 0.5,
  agentRssMb: 300,
  otherCores: { vendors: 0, callers: 0, server: 0 },
  lagP99Ms: 3,
  latenessMs: [1, 20],
  callersLagMs: 1,
  holesPerMinute: 0,
  asked: 7,
  answered: 7,
  publishedMs: [100],
  firstSampleMs: [200],
  load: 1,
};

test('a step counts when all calls were taken and all questions answered', () => {
  expect(shortfall(step)).toBeUndefined();
  expect(shortfall({ ...step, placed: 4 })).toContain('only 4 were taken');
  expect(shortfall({ ...step, answered: 6 })).toContain('only 6 of 7');
  expect(shortfall({ ...step, asked: 0, answered: 0 })).toContain('nobody asked');
});

test('a worker without calls is asked nothing', () => {
  expect(shortfall({ ...step, calls: 0, placed: 0, asked: 0, answered: 0 })).toBeUndefined();
});

test('what was not heard is no zero, and a refused step is printed all the same', () => {
  const never = Number.POSITIVE_INFINITY;
  const silent = { latenessMs: undefined, holesPerMinute: undefined, firstSampleMs: [200, never] };
  const row = capacityReport([{ ...step, ...silent, placed: 4 }])
    .split('\n')
    .at(-1);
  const cells = row?.split(' | ');
  expect(cells?.[0]).toBe('| 4 of 5');
  expect([cells?.[6], cells?.[8], cells?.[11]]).toEqual(['–', '–', '200 / never']);
});
