import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/telemetry/replay.ts';
import { SCENARIOS } from '../golden/scenarios.ts';

const folder = fileURLToPath(new URL('../golden/', import.meta.url));
const recordings = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));

describe('the golden recordings', () => {
  it('are those of the scenarios', () => {
    expect(recordings.sort()).toEqual(
      Object.keys(SCENARIOS)
        .map((name) => `${name}.ndjson`)
        .sort(),
    );
  });

  it.each(recordings)('%s replays to the recorded commands', (name) => {
    const { events, commands, mismatches } = replay(readFileSync(`${folder}${name}`, 'utf8').split('\n'));
    expect(mismatches.slice(0, 3)).toEqual([]);
    expect(events).toBeGreaterThan(20);
    expect(commands).toBeGreaterThan(20);
  });
});
