/** One judged window of a stream. Positions count audio from the stream's start, in ms. */
export interface JudgedWindow {
  readonly startMs: number;
  readonly endMs: number;
  /** That it holds speech, 0 to 1. */
  readonly probability: number;
}

export interface SpeechGateOptions {
  /** Speech begins with a window at least this probable: 0 to 1. */
  readonly startProbability: number;
  /** It goes on until a window is less probable than this: 0 to `startProbability`. */
  readonly stopProbability: number;
  /** Speech shorter than this is never reported: ms. */
  readonly minSpeechMs: number;
  /** Silences that are told before it is known whether they end the speech: ms, rising, each below `pauseMs`. */
  readonly pausingMs: readonly number[];
  /** Silence that ends speech: ms. */
  readonly pauseMs: number;
}

/** Where speech truly begins and ends, near the windows that showed it. */
export interface SpeechEdges {
  onsetNear(window: { readonly startMs: number; readonly endMs: number }): number;
  endNear(window: { readonly startMs: number; readonly endMs: number }): number;
}

export type SpeechGateState =
  | { readonly status: 'silent' }
  /** Speech, but not yet long enough; `first` is the window in which it began. */
  | { readonly status: 'rising'; readonly first: JudgedWindow }
  | { readonly status: 'speaking' }
  /** Silence since `endMs`, but not yet long enough; `told`: how many of `pausingMs` were told. */
  | { readonly status: 'pausing'; readonly endMs: number; readonly told: number };

export type SpeechGateChange =
  /** A window that may be the first of speech; `started` or `fell` follows. */
  | { readonly type: 'rising' }
  | { readonly type: 'fell' }
  | { readonly type: 'started'; readonly onsetMs: number }
  | { readonly type: 'pausing'; readonly endMs: number; readonly silenceMs: number }
  | { readonly type: 'wentOn' }
  | { readonly type: 'ended'; readonly endMs: number; readonly silenceMs: number };

export interface SpeechGateStep {
  readonly state: SpeechGateState;
  readonly change?: SpeechGateChange;
}

/** Turns probabilities into speech that starts and ends, with hysteresis: one window, one step. Pure. */
export function speechGate(
  state: SpeechGateState,
  window: JudgedWindow,
  options: SpeechGateOptions,
  edges: SpeechEdges,
): SpeechGateStep {
  switch (state.status) {
    case 'silent':
      if (window.probability < options.startProbability) return { state };
      return rise({ status: 'rising', first: window }, window, options, edges, { type: 'rising' });
    case 'rising':
      if (window.probability < options.stopProbability)
        return { state: { status: 'silent' }, change: { type: 'fell' } };
      return rise(state, window, options, edges);
    case 'speaking':
      if (window.probability >= options.stopProbability) return { state };
      return pause({ status: 'pausing', endMs: edges.endNear(window), told: 0 }, window, options);
    case 'pausing':
      if (window.probability >= options.startProbability) {
        const speaking = { status: 'speaking' } as const;
        return state.told === 0 ? { state: speaking } : { state: speaking, change: { type: 'wentOn' } };
      }
      return pause(state, window, options);
  }
}

function rise(
  state: SpeechGateState & { status: 'rising' },
  window: JudgedWindow,
  options: SpeechGateOptions,
  edges: SpeechEdges,
  change?: SpeechGateChange,
): SpeechGateStep {
  if (window.endMs - state.first.startMs < options.minSpeechMs)
    return change === undefined ? { state } : { state, change };
  return {
    state: { status: 'speaking' },
    change: { type: 'started', onsetMs: edges.onsetNear(state.first) },
  };
}

function pause(
  state: SpeechGateState & { status: 'pausing' },
  window: JudgedWindow,
  options: SpeechGateOptions,
): SpeechGateStep {
  const silenceMs = window.endMs - state.endMs;
  if (silenceMs < options.pauseMs) {
    const told = options.pausingMs.filter((ms) => silenceMs >= ms).length;
    if (told === state.told) return { state };
    return { state: { ...state, told }, change: { type: 'pausing', endMs: state.endMs, silenceMs } };
  }
  return { state: { status: 'silent' }, change: { type: 'ended', endMs: state.endMs, silenceMs } };
}
