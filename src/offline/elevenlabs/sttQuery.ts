import { STT_FORMATS } from './wireAudio.ts';

export interface SttConfig {
  readonly modelId: string;
  readonly audioFormat: string;
  readonly languageCode: string | null;
  readonly secondaryLanguages: readonly string[];
  readonly vadCommits: boolean;
  readonly vadSilenceSecs: number;
  readonly vadThreshold: number;
  readonly minSpeechMs: number;
  readonly minSilenceMs: number;
  readonly timestamps: boolean;
  readonly languageDetection: boolean;
  readonly filterBackgroundAudio: boolean;
  readonly keyterms: readonly string[];
  readonly noVerbatim: boolean;
  readonly entityDetection: string | null;
  readonly logging: boolean;
  readonly keepaliveMs: number | null;
}

const MODELS = ['scribe_v2_realtime', 'scribe_v2_realtime_turbo', 'scribe_v2_realtime_lite'];

/** The parameters of a session; a string says what is wrong with them. Unknown parameters are ignored. */
export function parseSttQuery(query: URLSearchParams): SttConfig | string {
  const problems: string[] = [];
  const choice = (name: string, allowed: readonly string[], fallback: string): string => {
    const value = query.get(name) ?? fallback;
    if (!allowed.includes(value))
      problems.push(`${name} must be one of ${allowed.join(', ')}, not '${value}'.`);
    return value;
  };
  const number = (name: string, from: number, to: number, fallback: number): number => {
    const value = Number(query.get(name) ?? fallback);
    if (!(value >= from && value <= to)) problems.push(`${name} must be between ${from} and ${to}.`);
    return value;
  };
  const flag = (name: string, fallback = 'false') => choice(name, ['true', 'false'], fallback) === 'true';
  const language = query.get('language_code');
  if (language !== null && !/^[a-z]{2,3}$/.test(language)) {
    problems.push(`language_code '${language}' is not an ISO 639-1 or 639-3 code.`);
  }
  const keyterms = query.getAll('keyterms');
  if (keyterms.length > 50 || keyterms.some((term) => term.length > 20)) {
    problems.push('keyterms: at most 50, each of at most 20 characters.');
  }
  const config: SttConfig = {
    modelId: choice('model_id', MODELS, ''),
    audioFormat: choice('audio_format', STT_FORMATS, 'pcm_16000'),
    languageCode: language,
    secondaryLanguages: query.getAll('secondary_languages'),
    vadCommits: choice('commit_strategy', ['manual', 'vad'], 'manual') === 'vad',
    vadSilenceSecs: number('vad_silence_threshold_secs', 0.3, 3, 1.5),
    vadThreshold: number('vad_threshold', 0.1, 0.9, 0.4),
    minSpeechMs: number('min_speech_duration_ms', 50, 2000, 100),
    minSilenceMs: number('min_silence_duration_ms', 50, 2000, 100),
    timestamps: flag('include_timestamps'),
    languageDetection: flag('include_language_detection'),
    filterBackgroundAudio: flag('filter_background_audio'),
    keyterms,
    noVerbatim: flag('no_verbatim'),
    entityDetection: query.get('entity_detection'),
    logging: flag('enable_logging', 'true'),
    keepaliveMs: query.has('keepalive_interval_ms')
      ? number('keepalive_interval_ms', 500, 10_000, 500)
      : null,
  };
  if (config.filterBackgroundAudio && config.timestamps) {
    problems.push('filter_background_audio excludes include_timestamps.');
  }
  if ((query.get('transcript_edit') ?? '').length > 2000)
    problems.push('transcript_edit is longer than 2000 characters.');
  return problems.length > 0 ? problems.join(' ') : config;
}

/** The `config` of `session_started`, with the keys of recorded sessions. */
export function echoConfig(config: SttConfig, sampleRate: number): object {
  return {
    sample_rate: sampleRate,
    audio_format: config.audioFormat,
    language_code: config.languageCode,
    secondary_languages: config.secondaryLanguages,
    timestamps_granularity: 'word',
    vad_commit_strategy: config.vadCommits,
    vad_silence_threshold_secs: config.vadSilenceSecs,
    vad_threshold: config.vadThreshold,
    min_speech_duration_ms: config.minSpeechMs,
    min_silence_duration_ms: config.minSilenceMs,
    max_tokens_to_recompute: 5,
    model_id: config.modelId,
    disable_logging: !config.logging,
    include_timestamps: config.timestamps,
    include_language_detection: config.languageDetection,
    filter_background_audio: config.filterBackgroundAudio,
    keyterms: config.keyterms,
    no_verbatim: config.noVerbatim,
    entity_detection: config.entityDetection,
  };
}
