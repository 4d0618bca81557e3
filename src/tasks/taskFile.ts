import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../telemetry/log.ts';
import { isRecord } from './isRecord.ts';

export type Entries = ReadonlyMap<string, unknown>;

/** What the file held at one moment. */
export interface Content {
  readonly entries: Entries;
  /** Names this state of the file: every write makes a new file. */
  readonly version: string;
  /** When the file was written; now, when there is none. */
  readonly modified: Date;
}

const NO_FILE = 'none';

/** One JSON object in one file, replaced as a whole: whoever reads sees the old file or the new one, never a half. */
export class TaskFile {
  readonly path: string;
  readonly #log: Logger | undefined;
  #last: Content | undefined;
  #isSwept = false;
  /** Entries are never changed in place, so each is written out once. */
  readonly #texts = new WeakMap<object, string>();

  constructor(path: string, log: Logger | undefined) {
    this.path = path;
    this.#log = log;
  }

  async version(): Promise<string> {
    const stats = await stat(this.path, { bigint: true }).catch(nothing);
    return stats ? versionOf(stats) : NO_FILE;
  }

  /** The file's content, or why it cannot be understood. */
  async read(): Promise<Content | { readonly damage: string }> {
    const handle = await open(this.path, 'r').catch(nothing);
    if (!handle) return { entries: new Map(), version: NO_FILE, modified: new Date() };
    try {
      const stats = await handle.stat({ bigint: true });
      const version = versionOf(stats);
      if (this.#last?.version === version) return this.#last;
      const entries = parse(await readFile(handle, 'utf8'));
      if (typeof entries === 'string') return { damage: entries };
      this.#last = { entries, version, modified: stats.mtime };
      return this.#last;
    } finally {
      await handle.close();
    }
  }

  /**
   * Puts new content in the place of the old, durably. Only for the holder of the lock; `isMine` is asked at the last
   * moment. Resolves with false when it says no, and nothing has changed.
   */
  async write(entries: Entries, isMine: () => Promise<boolean>): Promise<boolean> {
    if (!this.#isSwept) await this.#sweep();
    this.#isSwept = true;
    // Of this write alone: a process that was held up until another one took its lock must not write into that one's file.
    const temporary = `${this.path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      const version = await this.#writeOut(temporary, entries);
      if (!(await isMine())) return false;
      await rename(temporary, this.path);
      await syncFolder(dirname(this.path));
      this.#last = { entries, version, modified: new Date() };
      return true;
    } finally {
      // Once it was renamed there is none.
      await unlink(temporary).catch(() => {});
    }
  }

  /** Resolves with the version that the file has from now on, whatever its name. */
  async #writeOut(path: string, entries: Entries): Promise<string> {
    const mode = await stat(this.path).then(
      (stats) => stats.mode & 0o777,
      () => 0o666,
    );
    const handle = await open(path, 'w', mode);
    try {
      await handle.writeFile(this.#textOf(entries));
      await handle.sync();
      return versionOf(await handle.stat({ bigint: true }));
    } finally {
      await handle.close();
    }
  }

  /** What processes that died while they wrote have left. Only for the holder of the lock: nobody else is to write now. */
  async #sweep(): Promise<void> {
    const [folder, name] = [dirname(this.path), basename(this.path)];
    const left = (await readdir(folder)).filter(
      (other) =>
        other.startsWith(`${name}.`) && /^\.(?:\d+\.[0-9a-f]+\.)?tmp$/.test(other.slice(name.length)),
    );
    for (const other of left) await unlink(join(folder, other)).catch(() => {});
  }

  /** A file that cannot be understood is kept under another name. Only for the holder of the lock. */
  async setAside(damage: string): Promise<void> {
    const aside = `${this.path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    await rename(this.path, aside);
    this.#log?.warn(
      `The task file ${this.path} was damaged (${damage}). It is kept as ${aside}; a new one is begun. ` +
        'What can be saved of it may be copied back while no agent runs.',
    );
  }

  #textOf(entries: Entries): string {
    const parts = [...entries].map(([key, entry]) => `  ${JSON.stringify(key)}: ${this.#entryText(entry)}`);
    return parts.length === 0 ? '{}\n' : `{\n${parts.join(',\n')}\n}\n`;
  }

  #entryText(entry: unknown): string {
    if (!isRecord(entry)) return indented(entry);
    const known = this.#texts.get(entry);
    if (known !== undefined) return known;
    const text = indented(entry);
    this.#texts.set(entry, text);
    return text;
  }
}

/** The entries, or what is wrong. */
function parse(text: string): Entries | string {
  if (text.trim() === '') return new Map();
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? new Map(Object.entries(value)) : 'it is not a JSON object';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function indented(value: unknown): string {
  // A line break inside a string is escaped: those that are left are the layout's.
  return JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  ');
}

function versionOf({ ino, mtimeNs, size }: { ino: bigint; mtimeNs: bigint; size: bigint }): string {
  return `${ino}:${mtimeNs}:${size}`;
}

/** No file is nothing; everything else is an error. */
function nothing(error: unknown): undefined {
  if (isRecord(error) && error.code === 'ENOENT') return undefined;
  throw error;
}

/** Makes the rename itself durable, where the system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Folders cannot be opened on every system; the file itself is synced.
  }
}
