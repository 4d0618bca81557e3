import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Long calls first, two at a time: they mostly wait, and what computes fills the gaps. Left to itself the runner takes
 * large files first, and the last call would go on when all else is over.
 */
const FIRST = [
  'e2e/wholeCall.livekit',
  'e2e/faults',
  'dispatch/workers.livekit',
  'e2e/wholeCall.local',
  'simulation/simulation',
  'cli/commands',
  'tasks/crashSweep',
  'room/liveKitRoom',
  'dispatch/agentWorker',
  'cli/tasks',
  'setup/setup',
  'library/',
  'perception/',
  'fixtures/',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = FIRST.findIndex((name) => moduleId.includes(`/test/${name}`));
      return place < 0 ? FIRST.length : place;
    };
    // What is named nowhere: the whole before the units, which fill up the end.
    const part = ({ project }: TestSpecification) => (project.name === 'whole' ? 0 : 1);
    return (await super.sort(files)).toSorted((a, b) => part(a) - part(b) || rank(a) - rank(b));
  }
}
