import { EVA_SOURCE, type EvaTurn, evaTurnScore } from './evaTurnTaking.ts';
import type { Answers } from './measureAnswers.ts';
import type { Interruptions } from './measureInterruptions.ts';
import type { Listener } from './measureListeners.ts';
import type { PausedTurn } from './measurePauses.ts';
import type { StraySound } from './measureStraySounds.ts';
import type { Row } from './report.ts';

const TAU_SOURCE = 'sierra-research/tau2-bench, docs/interaction-metrics.md at a2c0247';

export interface BoardInputs {
  readonly answers: Answers;
  readonly interruptions: Interruptions;
  readonly backchannels: readonly Listener[];
  /** Coughs and the like over our speech. */
  readonly tics: readonly Listener[];
  readonly stray: readonly StraySound[];
  readonly paused: readonly PausedTurn[];
}

/** The two public boards' formulas on what was measured here: other calls than theirs, so not their figures. */
export function boardRows({ answers, interruptions, backchannels, tics, stray, paused }: BoardInputs): Row[] {
  const answered = answers.answers.map(({ heard }) => heard);
  const yields = interruptions.interruptions.flatMap(({ yieldMs }) =>
    yieldMs === undefined ? [] : [yieldMs],
  );
  const turns: EvaTurn[] = [
    ...[...answered, ...answers.failures.map(() => Number.POSITIVE_INFINITY)].map(
      (latencyMs) => ({ type: 'answered', latencyMs }) as const,
    ),
    ...interruptions.interruptions.map(
      // One that was not yielded to within 2 s scores 0 however long it took.
      ({ yieldMs = 2_000 }) => ({ type: 'callerInterrupted', yieldMs }) as const,
    ),
    ...paused.map(
      ({ cutIn, overlapMs, answerMs }): EvaTurn =>
        cutIn
          ? { type: 'agentInterrupted', overlapMs, barges: 1, settledMs: answerMs }
          : { type: 'answered', latencyMs: answerMs ?? Number.POSITIVE_INFINITY },
    ),
  ];
  const eva = mean(turns.map(evaTurnScore));
  const cutIns = paused.filter(({ cutIn }) => cutIn).length;
  const responded = answered.length + paused.filter(({ answerMs }) => answerMs !== undefined).length;
  const userTurns = answers.answers.length + answers.failures.length + paused.length;
  const bc = backchannels.filter(({ keptByTau }) => keptByTau).length / backchannels.length;
  const tic =
    (tics.filter(({ keptByTau }) => keptByTau).length + stray.filter(({ answered: said }) => !said).length) /
    (tics.length + stray.length);
  const seconds = (values: readonly number[]) => (mean(values) / 1000).toFixed(2);
  return [
    {
      measure: 'EVA turn-taking formula',
      value: `${eva.toFixed(3)} over ${turns.length} turns, none with a tool`,
    },
    {
      measure: `  ${EVA_SOURCE}`,
      value: 'the board: 0.882 for the same vendors elsewhere, on its own calls',
    },
    { measure: 'τ-voice L_R, R_R', value: `${seconds(answered)} s, ${(responded / userTurns).toFixed(3)}` },
    {
      measure: 'τ-voice L_Y, R_Y',
      value: `${seconds(yields)} s, ${(yields.length / interruptions.interruptions.length).toFixed(3)}`,
    },
    { measure: 'τ-voice I_A', value: (cutIns / userTurns).toFixed(3) },
    { measure: 'τ-voice S_BC, S_VT', value: `${bc.toFixed(3)}, ${tic.toFixed(3)}` },
    { measure: 'τ-voice S_ND', value: 'not computed: the model decides it, and the model is a stand-in' },
    { measure: `  ${TAU_SOURCE}`, value: 'its windows, without its ticks of 200 ms' },
  ];
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
