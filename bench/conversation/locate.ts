/** Where a piece lies in a longer sound, and how alike they are: 1 for the same, whatever the volume. */
export interface Location {
  readonly at: number;
  readonly likeness: number;
}

/** Searched first in steps of so many samples. */
const STEP = 4;

/** How many places that look alike from afar are looked at closely: a voice repeats itself with its pitch. */
const CANDIDATES = 12;

/** Finds the piece in `sound`, starting anywhere from `from` to `to`. */
export function locate(sound: Int16Array, piece: Int16Array, from: number, to: number): Location | undefined {
  const coarse = likenesses(thinned(sound), thinned(piece), Math.floor(from / STEP), Math.ceil(to / STEP));
  const peaks = coarse.filter(
    ({ likeness }, i) =>
      likeness >= (coarse[i - 1]?.likeness ?? -1) && likeness >= (coarse[i + 1]?.likeness ?? -1),
  );
  return peaks
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, CANDIDATES)
    .flatMap(({ at }) => likenesses(sound, piece, (at - 1) * STEP, (at + 1) * STEP))
    .sort((a, b) => b.likeness - a.likeness)[0];
}

function likenesses(
  sound: ArrayLike<number>,
  piece: ArrayLike<number>,
  from: number,
  to: number,
): readonly Location[] {
  const pieceEnergy = energy(piece, 0, piece.length);
  const found: Location[] = [];
  if (pieceEnergy === 0) return found;
  for (let at = Math.max(0, from); at <= Math.min(to, sound.length - piece.length); at++) {
    let sum = 0;
    let power = 0;
    for (let i = 0; i < piece.length; i++) {
      const sample = sound[at + i] ?? 0;
      sum += sample * (piece[i] ?? 0);
      power += sample * sample;
    }
    found.push({ at, likeness: power === 0 ? 0 : sum / Math.sqrt(power * pieceEnergy) });
  }
  return found;
}

function energy(pcm: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (pcm[i] ?? 0) ** 2;
  return sum;
}

const thinnedBefore = new WeakMap<Int16Array, Float32Array>();

function thinned(pcm: Int16Array): Float32Array {
  const known = thinnedBefore.get(pcm);
  if (known) return known;
  const out = new Float32Array(Math.floor(pcm.length / STEP));
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < STEP; k++) sum += pcm[i * STEP + k] ?? 0;
    out[i] = sum / STEP;
  }
  thinnedBefore.set(pcm, out);
  return out;
}
