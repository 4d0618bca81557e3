import {
  createOfflineElevenLabs,
  type OfflineElevenLabs,
  type OfflineElevenLabsOptions,
} from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { serve } from '../../src/offline/serve.ts';
import { toneRecogniser, toneVoice } from './fakeModels.ts';

export interface Started {
  readonly vendor: OfflineElevenLabs;
  readonly origin: string;
  close(): Promise<void>;
}

/** The stand-in on a free port, with tones for models and no waits unless they are asked for. */
export async function startOffline(options: Partial<OfflineElevenLabsOptions> = {}): Promise<Started> {
  const vendor = createOfflineElevenLabs({
    recogniser: toneRecogniser(),
    voice: toneVoice(),
    ...options,
    latency: { sttSessionMs: 0, ttsErrorCloseMs: 20, ttsEndCloseMs: 20, ...options.latency },
  });
  const server = await serve([vendor]);
  return { vendor, origin: server.origin, close: () => server.close() };
}
