import { Command, InvalidArgumentError, Option } from 'commander';
import { capacity } from './capacity/capacity.ts';
import { crashWorker } from './capacity/crashWorker.ts';
import { type ConversationOptions, conversation, EXIT_CODE } from './conversation/conversation.ts';
import { crashes, FEWEST_RUNS } from './crashes/crashes.ts';
import { dispatch } from './dispatch/dispatch.ts';
import { latency } from './latency/latency.ts';
import { overlap } from './overlap/overlap.ts';

const program = new Command('bench').description(
  'Measurements of the agent, on real audio and without any key.',
);

program
  .command('latency')
  .description('our own share of the response time, and how fast an interruption silences the agent')
  .option('--turns <n>', 'turns and interruptions in each room', count, 36)
  .addOption(
    new Option('--room <room>', 'where the calls are held')
      .choices(['local', 'livekit', 'both'])
      .default('both'),
  )
  .action(async (options: { turns: number; room: 'local' | 'livekit' | 'both' }) => {
    const complete = await latency(options);
    if (!complete) process.exitCode = 1;
  });

program
  .command('conversation')
  .description('whole calls: answers, interruptions, listening noises, pauses, echo, notices')
  .addOption(
    new Option('--room <room>', 'where the calls are held').choices(['local', 'livekit']).default('livekit'),
  )
  .option('--quick', 'a few of everything', false)
  .option('--only <parts>', 'these parts only, by name, with commas', (text) => text.split(','), [])
  .addHelpText('after', `\n${EXIT_CODE}`)
  .action(async (options: ConversationOptions) => {
    if (!(await conversation(options))) process.exitCode = 1;
  });

program
  .command('crashes')
  .description(
    'batch tasks whose process is killed at every write and request: each kept, made and told once',
  )
  .option('--runs <n>', `at least so many; exit code 1 below ${FEWEST_RUNS}`, count, 220)
  .action(async (options: { runs: number }) => {
    if (!(await crashes(options))) process.exitCode = 1;
  });

program
  .command('dispatch')
  .description("from LiveKit's webhook to our published track, by webhooks and by agent dispatch")
  .option('--rooms <n>', 'rooms for each way', count, 30)
  .action(async (options: { rooms: number }) => {
    if (!(await dispatch(options))) process.exitCode = 1;
  });

program
  .command('overlap')
  .description('interruptions told from backchannels and noises; needs espeak-ng and sox')
  .option('--misses', 'list what went wrong with the tuned clips', false)
  .action(overlap);

program
  .command('capacity')
  .description('how many calls one core carries: CPU, memory, lateness, join time; needs a livekit-server')
  .option('--calls <list>', 'numbers of calls, rising, with commas', counts, [1, 5, 10, 15, 20, 30])
  .option('--seconds <n>', 'time over which each is measured', count, 30)
  .option('--profile <folder>', "write a CPU profile of the agent's process there")
  .action(async (options: { calls: number[]; seconds: number; profile?: string }) => {
    if (!(await capacity(options))) process.exitCode = 1;
    process.exit();
  });

program
  .command('crash-worker')
  .description('kill -9 of a call worker, and a rolling restart, with calls running; needs a livekit-server')
  .option('--calls <n>', 'calls of the worker that is killed; another one holds two', count, 10)
  .action(async (options: { calls: number }) => {
    if (!(await crashWorker(options))) process.exitCode = 1;
    process.exit();
  });

await program.parseAsync();

function counts(text: string): number[] {
  return text.split(',').map(count);
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return value;
}
