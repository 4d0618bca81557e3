import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VoiceAgentError } from '../errors.ts';
import type { Tool } from './tool.ts';
import { toolProblems } from './toolProblems.ts';

/**
 * The tools of modules given by path, TypeScript or JavaScript: a default export (one tool or an array) and named exports.
 * `taken`: names that are not free. Rejects with one `VA_TOOL` that names the file and the cure.
 */
export async function loadTools(
  files: readonly string[],
  options: { readonly taken?: readonly string[]; readonly folder?: string } = {},
): Promise<readonly Tool[]> {
  const folder = options.folder ?? process.cwd();
  const owners = new Map((options.taken ?? []).map((name) => [name, 'voice-agent itself']));
  const tools: Tool[] = [];
  for (const file of files) {
    const path = resolve(folder, file);
    const shown = relative(folder, path) || path;
    for (const tool of await toolsOf(path, shown)) {
      const owner = owners.get(tool.name);
      if (owner !== undefined) {
        throw toolError(shown, `the name ${tool.name} is taken by ${owner}: give the tool another name.`);
      }
      owners.set(tool.name, shown);
      tools.push(tool);
    }
  }
  return tools;
}

async function toolsOf(path: string, shown: string): Promise<readonly Tool[]> {
  const exports = await load(path, shown);
  const { default: main, ...named } = exports;
  const given = [main, ...Object.values(named)].flat(1);
  // A helper beside the tools is no mistake; something that was meant to be a tool is.
  const candidates = new Set<unknown>([main].flat(1).filter((one) => one !== undefined));
  for (const one of given) if (looksLikeTool(one)) candidates.add(one);
  if (candidates.size === 0) {
    throw toolError(shown, 'it exports no tool: write "export default [defineTool({ … })]".');
  }
  return [...candidates].map((candidate) => {
    const problems = toolProblems(candidate);
    if (problems.length > 0 || !isTool(candidate)) throw toolError(shown, problems.join(' '));
    return candidate;
  });
}

async function load(path: string, shown: string): Promise<Record<string, unknown>> {
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (!isFile) throw toolError(shown, 'there is no such file: check the path after --tools.');
  const url = pathToFileURL(path).href;
  try {
    if (!/\.[cm]?tsx?$/.test(path)) return await import(url);
    const { tsImport } = await import('tsx/esm/api');
    return unwrapped(await tsImport(url, import.meta.url));
  } catch (cause) {
    if (cause instanceof VoiceAgentError) throw toolError(shown, cause.message);
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const missing = /Cannot find (?:module|package) '([^']+)'/.exec(reason)?.[1];
    const cure =
      missing !== undefined && !missing.startsWith('.') && !missing.startsWith('/')
        ? `install it beside the file ("npm install ${missing}").`
        : 'correct the module; it has to load by itself.';
    throw toolError(shown, `it cannot be loaded (${reason}): ${cure}`);
  }
}

/** A TypeScript file outside of any ES module package comes as CommonJS, its exports inside the default one. */
function unwrapped(exports: Record<string, unknown>): Record<string, unknown> {
  const inner = exports['module.exports'] ?? exports.default;
  const isWrapped = typeof inner === 'object' && inner !== null && '__esModule' in inner;
  return isWrapped ? { ...inner } : exports;
}

function looksLikeTool(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'run' in value && ('name' in value || 'input' in value)
  );
}

function isTool(candidate: unknown): candidate is Tool {
  return toolProblems(candidate).length === 0;
}

function toolError(file: string, problem: string): VoiceAgentError {
  // A tool's own error from elsewhere may be an instance of another copy of this package: its words are kept.
  return new VoiceAgentError('VA_TOOL', `The tools of ${file} cannot be used: ${problem}`);
}
