/** A JSON value with the place where each part of it ends, because the vendor's messages name that place. */
export interface LocatedJson {
  readonly value: unknown;
  /** Offset just after the value at `path` (`metadata.n`; the empty path is the whole text). */
  endOf(path: string): number;
}

/** `message` is worded as Rust's serde_json words it, place included: the vendor sends it on unchanged. */
export class SerdeError extends Error {
  constructor(reason: string, text: string, offset: number) {
    super(`${reason} ${placeOf(text, offset)}`);
  }
}

/** `at line L column C` for the character that ends at `offset`; columns count bytes from 1. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `at line ${line} column ${Buffer.byteLength(before.slice(lineStart))}`;
}

const WORDS: Readonly<Record<string, unknown>> = { null: null, true: true, false: false };
const MAX_DEPTH = 128;

/** Parses strictly, failing where and how serde_json fails. Throws `SerdeError`. */
export function parseSerdeJson(text: string): LocatedJson {
  const ends = new Map<string, number>();
  let at = 0;

  const fail = (reason: string, offset = at + 1): never => {
    throw new SerdeError(reason, text, Math.min(offset, text.length));
  };
  const skipSpace = () => {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at++;
  };

  const readString = (): string => {
    const start = at++;
    for (; ; at++) {
      const char = text[at];
      if (char === undefined) return fail('EOF while parsing a string');
      if (char < ' ') return fail('control character (\\u0000-\\u001F) found while parsing a string');
      if (char === '"') break;
      if (char === '\\' && !/^["\\/bfnrt]|^u[0-9a-f]{4}/i.test(text.slice(++at, at + 5))) {
        return fail('invalid escape');
      }
    }
    at++;
    return String(JSON.parse(text.slice(start, at)));
  };

  const readWord = (first: string): unknown => {
    const word = first === 'n' ? 'null' : first === 't' ? 'true' : 'false';
    for (const letter of word) {
      if (text[at] === undefined) return fail('EOF while parsing a value');
      if (text[at] !== letter) return fail('expected ident');
      at++;
    }
    return WORDS[word];
  };

  const readNumber = (): number => {
    const match = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(text.slice(at));
    if (!match) return fail('invalid number');
    at += match[0].length;
    return Number(match[0]);
  };

  const readObject = (path: string, depth: number): Record<string, unknown> => {
    const object: Record<string, unknown> = {};
    at++;
    skipSpace();
    if (text[at] === '}') {
      at++;
      return object;
    }
    for (;;) {
      skipSpace();
      if (text[at] === undefined) return fail('EOF while parsing an object');
      if (text[at] === '}') return fail('trailing comma');
      if (text[at] !== '"') return fail('key must be a string');
      const key = readString();
      skipSpace();
      if (text[at] === undefined) return fail('EOF while parsing an object');
      if (text[at] !== ':') return fail('expected `:`');
      at++;
      Object.defineProperty(object, key, {
        value: readValue(path ? `${path}.${key}` : key, depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      skipSpace();
      const next = text[at];
      if (next === undefined) return fail('EOF while parsing an object');
      at++;
      if (next === '}') return object;
      if (next !== ',') return fail('expected `,` or `}`', at);
    }
  };

  const readArray = (path: string, depth: number): unknown[] => {
    const array: unknown[] = [];
    at++;
    skipSpace();
    if (text[at] === ']') {
      at++;
      return array;
    }
    for (;;) {
      skipSpace();
      if (text[at] === ']') return fail('trailing comma');
      array.push(readValue(`${path}[${array.length}]`, depth + 1));
      skipSpace();
      const next = text[at];
      if (next === undefined) return fail('EOF while parsing a list');
      at++;
      if (next === ']') return array;
      if (next !== ',') return fail('expected `,` or `]`', at);
    }
  };

  const readAny = (path: string, depth: number): unknown => {
    skipSpace();
    const char = text[at];
    if (char === undefined) return fail('EOF while parsing a value');
    if (depth > MAX_DEPTH) return fail('recursion limit exceeded');
    if (char === '{') return readObject(path, depth);
    if (char === '[') return readArray(path, depth);
    if (char === '"') return readString();
    if (char === '-' || (char >= '0' && char <= '9')) return readNumber();
    if (char === 'n' || char === 't' || char === 'f') return readWord(char);
    return fail('expected value');
  };

  const readValue = (path: string, depth: number): unknown => {
    const value = readAny(path, depth);
    ends.set(path, at);
    return value;
  };

  const value = readValue('', 0);
  skipSpace();
  if (at < text.length) fail('trailing characters');
  return { value, endOf: (path) => ends.get(path) ?? text.length };
}
