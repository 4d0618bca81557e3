/** The discrete Fourier transform of real signals of one length, a power of two from 4 on. Reuses its own buffers. */
export class RealFft {
  readonly size: number;
  /** Spectrum of the last `forward`, or for the next `inverse`: `size / 2 + 1` bins. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly #half: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #swap: Uint16Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;

  constructor(size: number) {
    if (size < 4 || size > 65_536 || (size & (size - 1)) !== 0)
      throw new RangeError(`A transform's length is a power of two from 4 to 65536, not ${size}.`);
    this.size = size;
    this.#half = size / 2;
    this.re = new Float64Array(this.#half + 1);
    this.im = new Float64Array(this.#half + 1);
    this.#a = new Float64Array(this.#half);
    this.#b = new Float64Array(this.#half);
    this.#cos = Float64Array.from({ length: this.#half }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sin = Float64Array.from({ length: this.#half }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    this.#swap = new Uint16Array(this.#half);
    const bits = Math.log2(this.#half);
    for (let i = 0; i < this.#half; i++) {
      let turned = 0;
      for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) turned |= 1 << (bits - 1 - bit);
      this.#swap[i] = turned;
    }
  }

  /** `signal` has `size` samples; the result is in `re` and `im`. */
  forward(signal: Float64Array): void {
    const { re, im } = this;
    const a = this.#a;
    const b = this.#b;
    const half = this.#half;
    for (let i = 0; i < half; i++) {
      const from = 2 * (this.#swap[i] ?? 0);
      a[i] = signal[from] ?? 0;
      b[i] = signal[from + 1] ?? 0;
    }
    this.#butterflies(-1);
    for (let k = 0; k <= half / 2; k++) {
      const m = (half - k) % half;
      const ak = a[k] ?? 0;
      const bk = b[k] ?? 0;
      const am = a[m] ?? 0;
      const bm = b[m] ?? 0;
      const evenRe = (ak + am) / 2;
      const evenIm = (bk - bm) / 2;
      const oddRe = (bk + bm) / 2;
      const oddIm = (am - ak) / 2;
      const c = this.#cos[k] ?? 0;
      const s = -(this.#sin[k] ?? 0);
      const turnedRe = oddRe * c - oddIm * s;
      const turnedIm = oddRe * s + oddIm * c;
      re[k] = evenRe + turnedRe;
      im[k] = evenIm + turnedIm;
      re[half - k] = evenRe - turnedRe;
      im[half - k] = turnedIm - evenIm;
    }
  }

  /** Turns `re` and `im` back into `size` samples. */
  inverse(signal: Float64Array): void {
    const { re, im } = this;
    const a = this.#a;
    const b = this.#b;
    const half = this.#half;
    for (let i = 0; i < half; i++) {
      const k = this.#swap[i] ?? 0;
      const rk = re[k] ?? 0;
      const ik = im[k] ?? 0;
      const rm = re[half - k] ?? 0;
      const ir = im[half - k] ?? 0;
      const evenRe = (rk + rm) / 2;
      const evenIm = (ik - ir) / 2;
      const diffRe = (rk - rm) / 2;
      const diffIm = (ik + ir) / 2;
      const c = this.#cos[k] ?? 0;
      const s = this.#sin[k] ?? 0;
      const oddRe = diffRe * c - diffIm * s;
      const oddIm = diffRe * s + diffIm * c;
      a[i] = evenRe - oddIm;
      b[i] = evenIm + oddRe;
    }
    this.#butterflies(1);
    for (let i = 0; i < half; i++) {
      signal[2 * i] = (a[i] ?? 0) / half;
      signal[2 * i + 1] = (b[i] ?? 0) / half;
    }
  }

  #butterflies(direction: 1 | -1): void {
    const a = this.#a;
    const b = this.#b;
    const half = this.#half;
    for (let span = 1; span < half; span *= 2) {
      const stride = half / span;
      for (let j = 0; j < span; j++) {
        const c = this.#cos[j * stride] ?? 0;
        const s = direction * (this.#sin[j * stride] ?? 0);
        for (let i = j; i < half; i += 2 * span) {
          const o = i + span;
          const oa = a[o] ?? 0;
          const ob = b[o] ?? 0;
          const re = oa * c - ob * s;
          const im = oa * s + ob * c;
          a[o] = (a[i] ?? 0) - re;
          b[o] = (b[i] ?? 0) - im;
          a[i] = (a[i] ?? 0) + re;
          b[i] = (b[i] ?? 0) + im;
        }
      }
    }
  }
}
