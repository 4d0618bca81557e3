/** Where no line can be rewritten, progress is told this often, ms. */
const EVERY_MS = 10_000;

export interface ProgressLine {
  show(line: string): void;
  end(): void;
}

/** One line that changes in place on a terminal; elsewhere a line now and then. */
export function progressLine(
  output: Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean },
): ProgressLine {
  let open = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    show(line) {
      if (output.isTTY) {
        output.write(`\r\x1b[2K${line}`);
        open = true;
      } else if (performance.now() - toldAt >= EVERY_MS) {
        toldAt = performance.now();
        output.write(`${line}\n`);
      }
    },
    end() {
      if (open) output.write('\r\x1b[2K');
      open = false;
    },
  };
}
