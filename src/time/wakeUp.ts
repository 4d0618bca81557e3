/** Lets one loop wait until something may have changed. A call before the wait is not lost. */
export class WakeUp {
  #pending = false;
  #resolve: (() => void) | undefined;

  /** Re-check now. */
  call(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  async wait(): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    }
    this.#resolve = undefined;
    this.#pending = false;
  }
}
