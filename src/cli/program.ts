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

const TOOLS_HELP = 'modules with tools of your own, TypeScript or JavaScript (default: TOOLS)';

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
    .option('--require-keys', 'no stand-ins: a missing key ends the program (for production)', false)
    .option('--tools <files...>', TOOLS_HELP)
    .option('--workers <n>', 'processes that hold the calls; 0: this one (default: WORKERS)', workers)
    .addOption(
      new Option(
        '--dispatch <how>',
        "hear of rooms by LiveKit's webhooks, as its agent worker, or by its room list",
      )
        .choices(['webhook', 'worker', 'watch'])
        .default('webhook'),
    )
    .option('--port <number>', 'port of the HTTP server (default: PORT)', port)
    // What `dev` tells its child: the LiveKit server is its own, with a secret that nobody else knows.
    .addOption(new Option('--own-server').default(false).hideHelp())
    .addOption(new Option('--handover').default(false).hideHelp())
    .action(async (options) => (await import('./start.ts')).start(options));
  program
    .command('worker', { hidden: true })
    .description('hold calls for a `start` that runs this')
    .action(async () => (await import('./worker.ts')).worker());
  program
    .command('dev')
    .description('start, and start anew when a file changes; running calls go on with the new code')
    .option('--tools <files...>', TOOLS_HELP)
    .action(async (options) => (await import('./dev.ts')).dev(options));
  program
    .command('join')
    .description('join one room now, and leave when the last person has left')
    .requiredOption('--room <name>', 'the room')
    .option('--tools <files...>', TOOLS_HELP)
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
  const tasks = program
    .command('tasks')
    .description('batch tasks: list, show, cancel, wait; also while the agent runs');
  tasks
    .command('list')
    .description('one line a task, oldest first')
    .action(async () => (await import('./tasks.ts')).listTasks());
  tasks
    .command('show')
    .description('a task and its whole result')
    .argument('<job id>', 'as the list shows it, or how it begins')
    .option('--markdown', 'the document and nothing else', false)
    .action(async (jobId, options) => (await import('./tasks.ts')).showTask(jobId, options));
  tasks
    .command('cancel')
    .description('end a task at the batch service')
    .argument('<job id>', 'as the list shows it, or how it begins')
    .action(async (jobId) => (await import('./tasksCancel.ts')).cancelTaskById(jobId));
  tasks
    .command('wait')
    .description('wait until a task has ended; the exit code tells whether it is completed')
    .argument('<job id>', 'as the list shows it, or how it begins')
    .option('--timeout <seconds>', 'wait no longer', seconds)
    .action(async (jobId, { timeout }) => (await import('./tasksWait.ts')).waitForTask(jobId, { timeout }));
  return program;
}

function workers(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 256) return number;
  throw new InvalidArgumentError('Workers are a whole number from 0 to 256.');
}

function port(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function seconds(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('A number of seconds above 0.');
}
