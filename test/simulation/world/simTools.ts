import { z } from 'zod';
import type { Clock } from '../../../src/time/clock.ts';
import { sleep } from '../../../src/time/sleep.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { createToolBox, type ToolBox } from '../../../src/tools/toolBox.ts';
import type { Random } from '../random.ts';
import type { SimTasks } from './simTasks.ts';

/** Descriptions as people and models write them: with stops, quotes and questions in them. */
const SUBJECTS = [
  'business plan',
  'report on St. Petersburg',
  'essay "Why? Because." for school',
  'list of ideas, e.g. names',
] as const;

const submitInput = z.object({ name: z.string() });
const lookupInput = z.object({ subject: z.string() });

/** The real tool box around two tools: one that changes the world, one that does not. */
export function simTools(options: {
  random: Random;
  clock: Clock;
  tasks: SimTasks;
  isTroubled: boolean;
  /** Something was really submitted. */
  onSubmit: (name: string, owner: string) => void;
}): ToolBox {
  const { random, clock, tasks, isTroubled, onSubmit } = options;
  let jobs = 0;
  const delay = () => (isTroubled && random.chance(0.4) ? random.int(1_000, 9_000) : random.int(20, 900));

  const submit: Tool<z.infer<typeof submitInput>> = {
    name: 'submit',
    description: 'Submits a task.',
    input: submitInput,
    sideEffect: true,
    timeoutMs: 6_000,
    async run({ name }, { owner }) {
      onSubmit(name, owner);
      await sleep(clock, delay());
      if (isTroubled && random.chance(0.2)) throw new Error('The service is down.');
      const jobId = `job-${++jobs}`;
      const description = `${random.pick(SUBJECTS)} ${jobs}`;
      tasks.begin(owner, description);
      const status = random.chance(0.8) ? 'completed' : random.pick(['failed', 'expired']);
      const quick = random.chance(0.3);
      clock.setTimer(random.int(200, quick ? 2_000 : 25_000), () =>
        tasks.finish(owner, { jobId, description, status }),
      );
      return `Submitted as ${jobId}.`;
    },
  };
  const lookup: Tool<z.infer<typeof lookupInput>> = {
    name: 'lookup',
    description: 'Looks something up.',
    input: lookupInput,
    sideEffect: false,
    timeoutMs: 3_000,
    async run({ subject }) {
      await sleep(clock, delay());
      return `Nothing is known of the ${subject}.`;
    },
  };
  return createToolBox([submit, lookup], { clock });
}
