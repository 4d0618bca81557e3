/** Bins that count: 125 Hz to 4 kHz. */
const FIRST = 4;
const LAST = 128;
/** Half the width over which the shape of the spectrum is taken away, bins. */
const REACH = 10;

export const PRINT_SIZE = LAST - FIRST;

/**
 * The fine structure of a spectrum, written to `out` from `at`: where the harmonics stand, whatever the room and the
 * loudspeaker did to the volume of its regions. `floor`: power of a bin below which nothing counts. Returns its energy.
 */
export function voicePrint(power: Float64Array, floor: number, out: Float32Array, at: number): number {
  for (let bin = 0; bin < LAST + REACH; bin++) LOGS[bin] = Math.log((power[bin] ?? 0) + floor);
  let sum = 0;
  for (let bin = FIRST - REACH; bin < FIRST + REACH; bin++) sum += LOGS[Math.max(0, bin)] ?? 0;
  let energy = 0;
  for (let bin = FIRST; bin < LAST; bin++) {
    sum += LOGS[bin + REACH] ?? 0;
    const value = (LOGS[bin] ?? 0) - sum / (2 * REACH + 1);
    out[at + bin - FIRST] = value;
    energy += value * value;
    sum -= LOGS[Math.max(0, bin - REACH)] ?? 0;
  }
  return energy;
}

const LOGS = new Float64Array(LAST + REACH);
