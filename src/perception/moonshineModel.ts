import { fileURLToPath } from 'node:url';
import tokenizer from 'llama-tokenizer-js';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { INPUT_RATE } from '../audio/format.ts';
import type { Transcript } from './recogniser.ts';

export interface MoonshineModel {
  /** Words in 16 kHz mono PCM; '' when there are none or `signal` aborted. */
  transcribe(pcm: Int16Array, signal?: AbortSignal): Promise<Transcript>;
}

const START = 1;
const END = 2;
const LAYERS = 6;
const HEADS = 8;
const HEAD_SIZE = 36;
/** Speech has no more than this; the model repeats itself on some noises and would not stop by itself. */
const TOKENS_PER_SECOND = 6;
/** The encoder's convolutions need this much; shorter pieces are filled up with silence. */
const MIN_SAMPLES = INPUT_RATE / 10;

const NOTHING: Transcript = { text: '', sure: [] };

const caches = Array.from({ length: LAYERS }, (_, layer) =>
  ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map((part) => `${layer}.${part}`),
).flat();

/** Loads Moonshine tiny (quantised ONNX: an encoder, and a decoder with a key-value cache) on one thread. */
export async function loadMoonshineModel(): Promise<MoonshineModel> {
  const options = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Or else the whole vocabulary is dequantised anew for every token: a third of the time. Costs 37 MB.
    extra: { session: { disable_quant_qdq: '1' } },
  } as const;
  const encoder = await InferenceSession.create(modelFile('encoder_model'), options);
  const decoder = await InferenceSession.create(modelFile('decoder_model_merged'), options);
  return {
    async transcribe(pcm, signal) {
      if (pcm.length === 0) return NOTHING;
      const samples = new Float32Array(Math.max(pcm.length, MIN_SAMPLES));
      for (let i = 0; i < pcm.length; i++) samples[i] = (pcm[i] ?? 0) / 32_768;
      const input = new Tensor('float32', samples, [1, samples.length]);
      const { last_hidden_state: hidden } = await encoder.run({ input_values: input });
      if (hidden === undefined) throw new Error('the encoder gave no last_hidden_state');
      const limit = Math.ceil((pcm.length / INPUT_RATE) * TOKENS_PER_SECOND);
      const { tokens, sure } = await decode(decoder, hidden, limit, signal);
      return { text: tokenizer.decode(tokens, false, false).trim(), sure };
    },
  };
}

/** Greedy decoding, one token a step, from the cache of the steps before. */
async function decode(
  decoder: InferenceSession,
  hidden: InferenceSession.OnnxValueMapType[string],
  limit: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly tokens: number[]; readonly sure: number[] }> {
  const tokens: number[] = [];
  const sure: number[] = [];
  let last = START;
  let feeds: InferenceSession.OnnxValueMapType = Object.fromEntries(
    caches.map((name) => [`past_key_values.${name}`, new Tensor('float32', [], [0, HEADS, 1, HEAD_SIZE])]),
  );
  while (tokens.length < limit) {
    if (signal?.aborted) return { tokens: [], sure: [] };
    const first = tokens.length === 0;
    const outputs = await decoder.run({
      ...feeds,
      input_ids: new Tensor('int64', [BigInt(last)], [1, 1]),
      encoder_hidden_states: hidden,
      use_cache_branch: new Tensor('bool', [!first], [1]),
    });
    const next = likeliest(outputs.logits);
    last = next.token;
    if (last === END) break;
    tokens.push(last);
    sure.push(next.probability);
    // The encoder's part of the cache is right only when it comes from the first step.
    const fresh = first ? caches : caches.filter((name) => name.includes('decoder'));
    feeds = {
      ...feeds,
      ...Object.fromEntries(fresh.map((name) => [`past_key_values.${name}`, present(outputs, name)])),
    };
  }
  return { tokens, sure };
}

function present(outputs: InferenceSession.OnnxValueMapType, name: string) {
  const value = outputs[`present.${name}`];
  if (value === undefined) throw new Error(`the decoder gave no present.${name}`);
  return value;
}

/** The token of the largest logit and its probability: there is one position, so the whole tensor is its logits. */
function likeliest(logits: InferenceSession.OnnxValueMapType[string] | undefined): {
  readonly token: number;
  readonly probability: number;
} {
  if (!(logits instanceof Tensor) || !(logits.data instanceof Float32Array)) {
    throw new Error('the decoder gave no logits');
  }
  const { data } = logits;
  let token = 0;
  for (let i = 1; i < data.length; i++) if ((data[i] ?? 0) > (data[token] ?? 0)) token = i;
  const most = data[token] ?? 0;
  let sum = 0;
  for (const value of data) sum += Math.exp(value - most);
  return { token, probability: 1 / sum };
}

/** The package exports its entry only; the models lie beside that. */
function modelFile(name: string): string {
  const entry = import.meta.resolve('@moonshine-ai/moonshine-js');
  return fileURLToPath(new URL(`./model/tiny/quantized/${name}.onnx`, entry));
}
