import { CommanderError } from 'commander';
import { VoiceAgentError } from '../errors.ts';
import { createRedactor } from '../telemetry/redactor.ts';
import { EXIT } from './exitCode.ts';
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
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`voice-agent: ${createRedactor()(message)}\n`);
    // What is ours names its cure; anything else is a fault of the program, and its stack is the way to it.
    if (!(error instanceof VoiceAgentError) && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    return error instanceof VoiceAgentError && ['VA_CONFIG', 'VA_TOOL'].includes(error.code)
      ? EXIT.usage
      : EXIT.failed;
  }
}
