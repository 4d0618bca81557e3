import { Random } from './random.ts';
import type { Stretch } from './world/mouth.ts';

/** When the caller does something. */
export interface Moment {
  /** `quiet`: the agent has been silent for `ms`. `speaking`: it has been audible for `ms`. `now`: `ms` after the last step. */
  readonly when: 'quiet' | 'speaking' | 'now';
  readonly ms: number;
}

export type Step =
  | {
      readonly does: 'say';
      readonly at: Moment;
      readonly what: 'question' | 'interruption' | 'backchannel' | 'noise' | 'echo';
      readonly stretches: readonly Stretch[];
      /** Must be known to the model, once, whatever happens. */
      readonly label: string | undefined;
      /** The microphone dies in the middle. */
      readonly mutedAfterMs: number | undefined;
    }
  | { readonly does: 'type'; readonly at: Moment; readonly text: string; readonly label: string }
  /** Leaves and comes back before the agent does. */
  | { readonly does: 'leave'; readonly at: Moment; readonly awayMs: number }
  /** Somebody else joins, and the caller hands over. */
  | { readonly does: 'handOver'; readonly at: Moment };

/** A conversation, as far as the caller and luck make it. Everything else follows from it. */
export interface Script {
  readonly seed: number;
  readonly steps: readonly Step[];
  /** What is not at its best in this call. */
  readonly troubles: {
    readonly voice: boolean;
    readonly ears: boolean;
    readonly model: boolean;
    readonly recogniser: boolean;
    readonly tools: boolean;
    readonly uplink: boolean;
  };
  /** Tasks of the caller that ended before the call. */
  readonly pending: number;
  readonly hasRecogniser: boolean;
  readonly end: {
    readonly how: 'leaves' | 'isHungUp' | 'roomCloses';
    /** In the middle of everything, this long after the last step; undefined: when all is quiet. */
    readonly abruptMs: number | undefined;
  };
}

const QUESTIONS = [
  'What is the price of LABEL please?',
  'Could you tell me something about LABEL?',
  'Please make a plan for LABEL.',
  'I would like to | hear more about LABEL please.',
  'Tell me about LABEL, | and do it in three short sentences.',
  'My number is five five | two three and I am looking for LABEL.',
  'Please | make a plan for | LABEL.',
] as const;

const INTERRUPTIONS = [
  'Stop.',
  'Wait, hold on.',
  'Stop, I want to hear about LABEL instead.',
  'Hold on, can I ask you something about LABEL?',
  'Wait, please make a plan for LABEL.',
  'Actually, I want to know what LABEL costs.',
] as const;

const BACKCHANNELS = ['Mm-hmm.', 'Yeah.', 'Right.', 'Okay.', 'Uh-huh.', 'I see.'] as const;

export function makeScript(seed: number): Script {
  const random = new Random(seed);
  const isCalm = random.chance(0.3);
  const trouble = () => !isCalm && random.chance(0.25);
  let labels = 0;
  const step = (): Step => {
    const label = `item${++labels}`;
    const kind = random.int(0, 19);
    if (kind <= 6) return say(random, 'question', label);
    if (kind <= 11) return say(random, 'interruption', label);
    if (kind <= 14) return say(random, 'backchannel', label);
    if (kind === 15) return say(random, 'noise', label);
    if (kind === 16) return say(random, 'echo', label);
    if (kind <= 18 || isCalm) {
      const text = random.pick(['How much is LABEL?', 'Please make a plan for LABEL.']);
      return { does: 'type', at: moment(random), text: text.replace('LABEL', label), label };
    }
    return random.chance(0.7)
      ? { does: 'leave', at: moment(random), awayMs: random.int(100, 2_500) }
      : { does: 'handOver', at: moment(random) };
  };
  return {
    seed,
    steps: Array.from({ length: random.int(1, 8) }, step),
    troubles: {
      voice: trouble(),
      ears: trouble(),
      model: trouble(),
      recogniser: trouble(),
      tools: trouble(),
      uplink: trouble(),
    },
    pending: random.chance(0.15) ? random.int(1, 3) : 0,
    hasRecogniser: !random.chance(0.1),
    end: {
      how: random.pick(['leaves', 'leaves', 'isHungUp', 'roomCloses']),
      abruptMs: random.chance(0.3) ? random.int(0, 4_000) : undefined,
    },
  };
}

function moment(random: Random): Moment {
  switch (random.int(0, 3)) {
    case 0:
      return { when: 'speaking', ms: random.int(0, 3_000) };
    case 1:
      return { when: 'now', ms: random.int(0, 3_000) };
    default:
      return { when: 'quiet', ms: random.int(300, 2_500) };
  }
}

function say(
  random: Random,
  what: 'question' | 'interruption' | 'backchannel' | 'noise' | 'echo',
  label: string,
): Step {
  const over: Moment = { when: 'speaking', ms: random.int(0, 2_500) };
  const mutedAfterMs = random.chance(0.04) ? random.int(100, 1_200) : undefined;
  const base = { does: 'say', what, mutedAfterMs } as const;
  switch (what) {
    case 'question': {
      const text = random.pick(QUESTIONS);
      return { ...base, at: moment(random), stretches: spoken(random, text, label), label };
    }
    case 'interruption': {
      const text = random.pick(INTERRUPTIONS);
      const known = text.includes('LABEL') ? label : undefined;
      return { ...base, at: over, stretches: spoken(random, text, label), label: known };
    }
    case 'backchannel': {
      const at = random.chance(0.8) ? over : moment(random);
      return { ...base, at, stretches: spoken(random, random.pick(BACKCHANNELS), ''), label: undefined };
    }
    default: {
      const stretches = [{ words: [], ms: random.int(100, 1_500), pauseMs: 0 }];
      return { ...base, at: random.chance(0.6) ? over : moment(random), stretches, label: undefined };
    }
  }
}

function spoken(random: Random, text: string, label: string): Stretch[] {
  const wordMs = random.int(180, 330);
  return text
    .replace('LABEL', label)
    .split('|')
    .map((part) => {
      const words = part.trim().split(' ');
      return { words, ms: Math.max(260, words.length * wordMs), pauseMs: random.int(60, 1_300) };
    });
}
