/** Results of WASI calls (`errno` of preview 1). */
const OK = 0;
const BAD_DESCRIPTOR = 8;
const INVALID = 28;

const STDERR = 2;
/** The one folder that the command finds open, and the one file that it opens in it. */
const FOLDER = 3;
const FILE = 4;

const FILE_TYPE_DIRECTORY = 3;
const FILE_TYPE_REGULAR = 4;
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;

/** Thrown through the command's frames when it calls `proc_exit`. */
class Exit {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}

/**
 * The system that a Flite command sees: its arguments, a clock that stands still, nothing to read, and one file, kept
 * in memory, to write. These are the 13 calls of WASI preview 1 (https://github.com/WebAssembly/WASI, `docs.md` of
 * `wasi_snapshot_preview1`) that the module imports. `node:wasi` is not used because it crashes the process when
 * garbage is collected inside one of its calls (nodejs/node#46777), some hundred sentences into a run.
 */
export class FliteHost {
  readonly #args: readonly Uint8Array[];
  #memory: WebAssembly.Memory | undefined;
  #file = new Uint8Array(0);
  #position = 0;
  #complaints = '';

  constructor(args: readonly string[]) {
    this.#args = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  }

  /** To be called before the command starts. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** Runs the command and gives its exit code. */
  run(start: () => unknown): number {
    try {
      start();
      return 0;
    } catch (thrown) {
      if (thrown instanceof Exit) return thrown.code;
      throw thrown;
    }
  }

  /** What the command wrote to its file. */
  output(): Uint8Array {
    return this.#file;
  }

  /** What the command wrote to its error stream. */
  get complaints(): string {
    return this.#complaints.trim();
  }

  readonly imports = {
    args_sizes_get: (count: number, bytes: number) => {
      this.#view().setUint32(count, this.#args.length, true);
      this.#view().setUint32(
        bytes,
        this.#args.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return OK;
    },
    args_get: (pointers: number, buffer: number) => {
      let at = buffer;
      this.#args.forEach((arg, i) => {
        this.#view().setUint32(pointers + 4 * i, at, true);
        this.#bytes(at, arg.length).set(arg);
        at += arg.length;
      });
      return OK;
    },
    clock_time_get: (_clock: number, _precision: bigint, time: number) => {
      this.#view().setBigUint64(time, 0n, true);
      return OK;
    },
    fd_prestat_get: (fd: number, prestat: number) => {
      if (fd !== FOLDER) return BAD_DESCRIPTOR;
      this.#view().setUint32(prestat, 0, true);
      this.#view().setUint32(prestat + 4, 1, true);
      return OK;
    },
    fd_prestat_dir_name: (fd: number, path: number, length: number) => {
      if (fd !== FOLDER || length < 1) return BAD_DESCRIPTOR;
      this.#view().setUint8(path, '/'.charCodeAt(0));
      return OK;
    },
    fd_fdstat_get: (fd: number, stat: number) => {
      if (fd > FILE) return BAD_DESCRIPTOR;
      this.#bytes(stat, 24).fill(0);
      this.#view().setUint8(stat, fd === FOLDER ? FILE_TYPE_DIRECTORY : FILE_TYPE_REGULAR);
      this.#view().setBigUint64(stat + 8, ALL_RIGHTS, true);
      this.#view().setBigUint64(stat + 16, ALL_RIGHTS, true);
      return OK;
    },
    fd_fdstat_set_flags: () => OK,
    path_open: (...args: unknown[]) => {
      const opened = args[8];
      if (typeof opened !== 'number') return INVALID;
      this.#file = new Uint8Array(0);
      this.#position = 0;
      this.#view().setUint32(opened, FILE, true);
      return OK;
    },
    fd_read: (_fd: number, _vectors: number, _count: number, read: number) => {
      this.#view().setUint32(read, 0, true);
      return OK;
    },
    fd_write: (fd: number, vectors: number, count: number, written: number) => {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const from = this.#view().getUint32(vectors + 8 * i, true);
        const length = this.#view().getUint32(vectors + 8 * i + 4, true);
        this.#write(fd, this.#bytes(from, length));
        total += length;
      }
      this.#view().setUint32(written, total, true);
      return OK;
    },
    fd_seek: (fd: number, offset: bigint, whence: number, position: number) => {
      const base = [0, this.#position, this.#file.length][whence];
      if (fd !== FILE || base === undefined || base + Number(offset) < 0) return INVALID;
      this.#position = base + Number(offset);
      this.#view().setBigUint64(position, BigInt(this.#position), true);
      return OK;
    },
    fd_close: () => OK,
    proc_exit: (code: number) => {
      throw new Exit(code);
    },
  };

  #write(fd: number, bytes: Uint8Array): void {
    if (fd === STDERR) this.#complaints += new TextDecoder().decode(bytes);
    if (fd !== FILE) return;
    const end = this.#position + bytes.length;
    if (end > this.#file.length) {
      const longer = new Uint8Array(end);
      longer.set(this.#file);
      this.#file = longer;
    }
    this.#file.set(bytes, this.#position);
    this.#position = end;
  }

  /** A fresh view each time: memory that grows gets a new buffer. */
  #view(): DataView {
    return new DataView(this.#buffer());
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer(), at, length);
  }

  #buffer(): ArrayBuffer {
    if (this.#memory === undefined) throw new Error('the command was started without its memory');
    return this.#memory.buffer;
  }
}
