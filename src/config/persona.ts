import { readFileSync, statSync } from 'node:fs';

const LARGEST = 64 * 1024;

export type Persona = { readonly text: string } | { readonly problem: string };

/** Reads the text that tells the model who it is; `problem` names the cure. */
export function readPersona(path: string): Persona {
  const size = fileSize(path);
  if (size === undefined) {
    return {
      problem: `PERSONA_FILE ${path} cannot be read: check the path, or leave it out for the built-in persona.`,
    };
  }
  if (size > LARGEST)
    return { problem: `PERSONA_FILE ${path} is larger than 64 KB: shorten it, it goes into every request.` };
  const bytes = readFileSync(path);
  if (!isText(bytes)) return { problem: `PERSONA_FILE ${path} is not UTF-8 text: save it as plain text.` };
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (text === '')
    return { problem: `PERSONA_FILE ${path} is empty: write the persona into it, or leave it out.` };
  return { text };
}

function fileSize(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : undefined;
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
