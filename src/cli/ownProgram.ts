import { existsSync } from 'node:fs';
import { packageFile } from '../caller/packageFile.ts';

/** How this program is run in another process: from a checkout the TypeScript sources, an installed package as it is. */
export function ownProgram(): { readonly module: string; readonly execArgv: readonly string[] } {
  const running = process.argv[1] ?? '';
  const source = packageFile('bin/voice-agent.ts');
  const isSource = running === source || running.endsWith('.ts') || !existsSync(running);
  return isSource
    ? { module: source, execArgv: ['--import', import.meta.resolve('tsx')] }
    : { module: running, execArgv: [] };
}
