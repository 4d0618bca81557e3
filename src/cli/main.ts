import { CommanderError } from 'commander';
import { VoiceAgentError } from '../errors.ts';
import { EXIT } from './exitCode.ts';
import { failureText } from './failureText.ts';
import { createProgram } from './program.ts';
import { wasInterrupted } from './stopSignal.ts';

/** Runs the command line and ends the process with its exit code: native libraries would keep it alive for ever. */
export async function main(argv: readonly string[]): Promise<never> {
  process.exit(await run(argv));
}

async function run(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])])
    command.exitOverride();
  try {
    await program.parseAsync(argv);
    return wasInterrupted() ? EXIT.interrupted : EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { knownSecrets } = await import('../config/knownSecrets.ts');
    process.stderr.write(failureText(error, knownSecrets()));
    return error instanceof VoiceAgentError && ['VA_CONFIG', 'VA_TOOL'].includes(error.code)
      ? EXIT.usage
      : EXIT.failed;
  }
}
