import { Command, InvalidArgumentError, Option } from 'commander';
import { conversation } from './conversation/conversation.ts';
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
  .action(conversation);

program
  .command('overlap')
  .description('interruptions told from backchannels and noises; needs espeak-ng and sox')
  .option('--misses', 'list what went wrong with the tuned clips', false)
  .action(overlap);

await program.parseAsync();

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return value;
}
