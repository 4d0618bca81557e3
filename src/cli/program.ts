import { Command, InvalidArgumentError, Option } from 'commander';

const EXAMPLES = `
Examples:
  voice-agent demo                          one call with a simulated caller; needs no key
  voice-agent start                         answer everybody who joins a room of LIVEKIT_URL
  voice-agent dev                           the same, and reload when a file changes
  voice-agent join --room support           join one room now, leave when the last person has left
  voice-agent offline --port 8790           stand-ins for ElevenLabs, Claude and Doubleword, no keys needed
  voice-agent tasks list                    what was handed to the batch service, and how it stands

Settings come from the environment or .env; .env.example explains each.
Exit codes: 0 done, 1 failed while running, 2 wrong command line or settings, 130 interrupted.`;

/** Each command is loaded when it runs: asking for help needs no native library. */
export function createProgram(): Command {
  const program = new Command('voice-agent')
    .description('A voice assistant that joins LiveKit rooms, talks, and hands long work to a batch service.')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(voice-agent --help shows all commands)');

  program
    .command('start')
    .description('answer everybody who joins a room; with nothing configured, place a demo call first')
    .option('--once', 'place the demo call and exit', false)
    .option('--no-demo', 'no demo call, even with nothing configured')
    // What `dev` tells its child: the LiveKit server is its own, with a secret that nobody else knows.
    .addOption(new Option('--own-server').default(false).hideHelp())
    .action(async (options) => (await import('./start.ts')).start(options));
  program
    .command('dev')
    .description('start, and start anew when a file changes; running calls end cleanly')
    .action(async () => (await import('./dev.ts')).dev());
  program
    .command('join')
    .description('join one room now, and leave when the last person has left')
    .requiredOption('--room <name>', 'the room')
    .option('--offline', 'use the stand-in of every vendor that has no key', false)
    .action(async (options) => (await import('./join.ts')).join(options));
  program
    .command('demo')
    .description('one call with a simulated caller, measured and recorded')
    .action(async () => (await import('./demo.ts')).demo());
  program
    .command('offline')
    .description('serve the stand-ins of all vendors on one loopback port')
    .option('--port <number>', 'the port', port, 8790)
    .action(async (options) => (await import('./offline.ts')).offline(options));
  program
    .command('token')
    .description('print a token with which a person joins a room')
    .requiredOption('--room <name>', 'the room')
    .option('--identity <name>', 'who joins', 'guest')
    .action(async (options) => (await import('./token.ts')).token(options));
  program
    .command('livekit')
    .description('find or build the livekit-server for development')
    .action(async () => {
      await (await import('./livekit.ts')).runLiveKitCommand();
    });
  program
    .command('replay')
    .description('feed a recorded call back into the conversation core and compare what it commands')
    .argument('<file>', 'the recording, as NDJSON')
    .action(async (file) => (await import('./replay.ts')).replayFile(file));
  const tasks = program.command('tasks').description('batch tasks: list, show');
  tasks
    .command('list')
    .description('one line a task, oldest first')
    .action(async () => (await import('./tasks.ts')).listTasks());
  tasks
    .command('show')
    .description('a task and its whole result')
    .argument('<job id>', 'as the list shows it')
    .action(async (jobId) => (await import('./tasks.ts')).showTask(jobId));
  return program;
}

function port(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}
