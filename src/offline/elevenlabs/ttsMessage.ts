/** A client's message on either text-to-speech socket. */
export interface TtsMessage {
  readonly text: string | undefined;
  readonly flush: boolean;
  readonly trigger: boolean;
  readonly contextId: string;
  readonly closeContext: boolean;
  readonly closeSocket: boolean;
  readonly voiceSettings: unknown;
  readonly generationConfig: unknown;
  /** Credentials may come in the first message. */
  readonly key: string | undefined;
}

/** Undefined when it is no JSON object. A missing context id names the default context. */
export function parseTtsMessage(raw: string): TtsMessage | undefined {
  let data: unknown;
  try {
    data = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null) return undefined;
  const field = (name: string): unknown => Reflect.get(data, name);
  const text = (name: string): string | undefined => {
    const value = field(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    text: text('text'),
    flush: field('flush') === true,
    trigger: field('try_trigger_generation') === true,
    contextId: text('context_id') ?? 'default',
    closeContext: field('close_context') === true,
    closeSocket: field('close_socket') === true,
    voiceSettings: field('voice_settings'),
    generationConfig: field('generation_config'),
    key: text('xi_api_key') ?? text('xi-api-key'),
  };
}
