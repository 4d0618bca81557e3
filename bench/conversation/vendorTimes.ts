/** How long each vendor takes, ms: from the request to the answer. */
export interface VendorTimes {
  readonly name: string;
  /** Speech-to-text: commit → words. */
  readonly stt: number;
  /** The model: request → first token. */
  readonly llm: number;
  /** Text-to-speech: text → first audio. */
  readonly tts: number;
}

export const VENDOR_TIMES = {
  none: { name: 'vendors at 0', stt: 0, llm: 0, tts: 0 },
  /** The published medians. */
  median: { name: 'published medians', stt: 281, llm: 637, tts: 288 },
  /** Assumptions, but for the first, which is Pipecat's p99 of ElevenLabs' realtime speech-to-text. */
  slow: { name: 'a bad moment of all three (assumed)', stt: 410, llm: 1_300, tts: 450 },
} as const satisfies Record<string, VendorTimes>;
