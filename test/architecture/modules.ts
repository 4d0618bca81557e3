import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** One source file as the rules see it. Paths are relative to the project, with forward slashes. */
export interface Module {
  readonly path: string;
  readonly lines: number;
  /** Files of the project that it imports. */
  readonly files: readonly string[];
  /** Packages and built-in modules that it imports: `ws`, `@scope/name`, `node:fs`. */
  readonly packages: readonly string[];
  /** The source without its comments. */
  readonly code: string;
}

/** Every TypeScript file under `folders`. */
export function readModules(root: string, folders: readonly string[]): readonly Module[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
      .map((name) => {
        const path = relative(root, join(root, folder, name)).replaceAll('\\', '/');
        return parseModule(path, readFileSync(join(root, path), 'utf8'));
      }),
  );
}

/** Finds static and dynamic imports, re-exports and types in `import('…')`. */
export function parseModule(path: string, source: string): Module {
  const code = withoutComments(source);
  const specifiers = new Set<string>();
  const patterns = [
    /(?:^|[;\s])(?:import|export)\s(?:[\w\s{},*$]*?\sfrom\s*)?['"]([^'"\n]+)['"]/g,
    /(?:^|[;\s])import\s*['"]([^'"\n]+)['"]/g,
    /(?:^|[;\s}])(?:import|export)\s[^'"`;()]*?\bfrom\s*['"]([^'"\n]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"\n]+)['"]/g,
    /\brequire(?:\.resolve)?\s*\(\s*['"]([^'"\n]+)['"]/g,
  ];
  for (const pattern of patterns) {
    for (const match of code.matchAll(pattern)) if (match[1] !== undefined) specifiers.add(match[1]);
  }
  const files: string[] = [];
  const packages: string[] = [];
  for (const specifier of specifiers) {
    if (specifier.startsWith('.')) files.push(join(dirname(path), specifier).replaceAll('\\', '/'));
    else packages.push(packageOf(specifier));
  }
  return { path, code, files, packages: [...new Set(packages)], lines: source.trimEnd().split('\n').length };
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Strings are kept, so that a `//` in a URL does not begin a comment. */
function withoutComments(source: string): string {
  return source.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_match, text: string | undefined) => text ?? ' ',
  );
}
