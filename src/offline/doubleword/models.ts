import type { OfflineModel } from './state.ts';

/** Chat models of the vendor's catalogue, so that a user's own `BATCH_MODEL` usually works offline too. */
export const DEFAULT_MODELS: readonly OfflineModel[] = [
  'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8',
  'Qwen/Qwen3.5-397B-A17B-FP8',
  'Qwen/Qwen3.6-35B-A3B-FP8',
  'Qwen/Qwen3.8-27B-FP8',
  'deepseek-ai/DeepSeek-V4-Pro',
  'deepseek-ai/DeepSeek-V4-Flash-0731',
  'google/gemma-4-31B-it',
  'moonshotai/Kimi-K2.6',
  'openai/gpt-oss-120b',
  'openai/gpt-oss-20b',
  'zai-org/GLM-5.2-FP8',
].map((id) => ({ id }));
