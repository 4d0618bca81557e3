import { FliteHost } from './fliteHost.ts';

/** Where the command is told to write; it exists only in this program's memory. */
const OUTPUT = '/speech.wav';

/** What to speak: text, or the phones themselves (`pau m m hh m pau`) for sounds that have no spelling. */
export type FliteInput = { readonly text: string } | { readonly phones: string };

/** Runs the Flite command once, in an instance of its own, and gives the WAV file that it wrote. */
export async function runFlite(
  module: WebAssembly.Module,
  voice: string,
  input: FliteInput,
): Promise<Uint8Array> {
  const words = 'text' in input ? ['-t', input.text] : ['-p', input.phones];
  const host = new FliteHost(['flite', '-voice', voice, ...words, '-o', OUTPUT]);
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: host.imports });
  const { memory, _start: start } = instance.exports;
  if (!isMemory(memory) || typeof start !== 'function') throw new Error('flite.wasm is not a WASI command');
  host.attach(memory);
  const code = host.run(() => start());
  if (code !== 0) throw new Error(`the synthesiser ended with code ${code} ${host.complaints}`.trimEnd());
  return host.output();
}

function isMemory(value: unknown): value is WebAssembly.Memory {
  return typeof value === 'object' && value !== null && 'buffer' in value;
}
