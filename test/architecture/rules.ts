import type { Module } from './modules.ts';

export const LONGEST_FILE = 400;

/** Packages that one folder alone (or the named few) may import. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  '@livekit/rtc-node': ['src/room'],
  'livekit-server-sdk': ['src/room', 'src/dispatch'],
  '@anthropic-ai/sdk': ['src/llm'],
  openai: ['src/tasks'],
  '@livekit/protocol': ['src/dispatch'],
  bullmq: ['src/dispatch'],
  'prom-client': ['src/server'],
  ws: ['src/elevenlabs', 'src/stt', 'src/tts', 'src/offline', 'src/dispatch'],
  'onnxruntime-node': ['src/perception'],
  pino: ['src/telemetry'],
  'pino-pretty': ['src/telemetry'],
  dotenv: ['src/config'],
  commander: ['src/cli', 'bin'],
};

/** Folders below everything: what they may import. Nothing else, and no package that is not named. */
const BOTTOM: Readonly<Record<string, { readonly files: readonly string[]; readonly packages: boolean }>> = {
  'src/conversation': { files: ['src/conversation', 'src/audio', 'src/errors.ts'], packages: false },
  'src/audio': { files: ['src/audio', 'src/errors.ts'], packages: true },
};

/** From the top down; a folder imports its own level or lower ones. Whatever is not named is below all of them. */
const LEVELS: readonly (readonly string[])[] = [
  ['bin', 'bench', 'src/index.ts'],
  ['src/library'],
  ['src/cli'],
  ['src/app', 'src/server', 'src/dispatch'],
  ['src/session'],
];

/** Who may import the stand-ins of the vendors: nobody who serves a real call. */
const OFFLINE_USERS = ['src/offline', 'src/cli', 'test', 'bench', 'fixtures'];

const inside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const insideAny = (path: string, folders: readonly string[]) =>
  folders.some((folder) => inside(path, folder));
const isTest = (path: string) => insideAny(path, ['test', 'fixtures']);

/** One line per broken rule: the file, what it does, and the rule. */
export function violations(modules: readonly Module[]): readonly string[] {
  return [...modules.flatMap((module) => moduleViolations(module)), ...cycles(modules)];
}

function moduleViolations(module: Module): string[] {
  const { path } = module;
  const found: string[] = [];
  if (module.lines > LONGEST_FILE) {
    found.push(`${path} has ${module.lines} lines: no file has more than ${LONGEST_FILE}`);
  }
  // Tests may look at anything, in any order.
  if (isTest(path)) return found;
  for (const file of module.files) {
    if (inside(file, 'src/offline') && !insideAny(path, OFFLINE_USERS)) {
      found.push(`${path} imports ${file}: only ${OFFLINE_USERS.join(', ')} may import src/offline`);
    }
    const bottom = Object.entries(BOTTOM).find(([folder]) => inside(path, folder));
    if (bottom) {
      const [folder, { files }] = bottom;
      if (!insideAny(file, files)) {
        found.push(`${path} imports ${file}: ${folder} may import ${files.join(', ')} only`);
      }
    } else if (levelOf(file) < levelOf(path)) {
      found.push(`${path} imports ${file}: dependencies point down, and that is a level above`);
    }
  }
  for (const name of module.packages) {
    const homes = HOMES[name];
    if (homes && !insideAny(path, homes) && !inside(path, 'bench')) {
      found.push(`${path} imports ${name}: only ${homes.join(' and ')} may`);
    }
    for (const [folder, { packages }] of Object.entries(BOTTOM)) {
      if (inside(path, folder) && !packages) {
        found.push(`${path} imports ${name}: ${folder} is pure, it imports no package`);
      }
    }
  }
  if (readsEnvironment(module) && !inside(path, 'src/config')) {
    found.push(`${path} reads process.env: only src/config may`);
  }
  return found;
}

function levelOf(path: string): number {
  const level = LEVELS.findIndex((folders) => insideAny(path, folders));
  return level === -1 ? LEVELS.length : level;
}

function readsEnvironment({ code }: Module): boolean {
  return (
    /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[\s*['"]env['"]/.test(code) ||
    /import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"](node:)?process['"]/.test(code) ||
    /\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(code)
  );
}

/** Each cycle once, as the chain of files that it runs through. */
function cycles(modules: readonly Module[]): string[] {
  const imports = new Map(modules.map((module) => [module.path, module.files]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const chain: string[] = [];
  const visit = (path: string) => {
    if (state.get(path) === 'done' || !imports.has(path)) return;
    if (state.get(path) === 'open') {
      const loop = [...chain.slice(chain.indexOf(path)), path];
      found.push(`${loop.join(' → ')}: no import cycles`);
      return;
    }
    state.set(path, 'open');
    chain.push(path);
    for (const file of imports.get(path) ?? []) visit(file);
    chain.pop();
    state.set(path, 'done');
  };
  for (const { path } of modules) visit(path);
  return found;
}
