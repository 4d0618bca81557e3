import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longestFirst.ts';

/** Tests of the whole: real processes, rooms, Redis, local models, spoken calls, sweeps over thousands of cases. */
const WHOLE = [
  'test/e2e/**',
  'test/cli/{commands,openVenue,tasks}.test.ts',
  'test/dispatch/{agentWorker,bullQueue,dispatchMemory,roomDirectory,supervisor,twoServers,workers.livekit}.test.ts',
  'test/fixtures/**',
  'test/library/**',
  'test/livekit-server/**',
  'test/offline/**',
  'test/offline-elevenlabs/realModels.test.ts',
  'test/perception/{echoGuard,moonshine}.test.ts',
  'test/room/liveKit*.test.ts',
  'test/session/bargeInSweep.test.ts',
  'test/setup/**',
  'test/simulation/**',
  'test/tasks/{crashSweep,redisTaskStore}.test.ts',
  'test/tasks/{many,processes}/**',
  'test/tools/loadTools.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // The end-to-end calls wait in real time more than they compute.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Its own second is over soon where other tests share the processors.
    expect: { poll: { timeout: 15_000 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...WHOLE],
          // None of them changes what others see, and a hundred processes would take longer to start than to test.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: WHOLE.map((glob) => glob.replace(/\*\*$/, '**/*.test.ts')),
          testTimeout: 90_000,
        },
      },
    ],
  },
});
