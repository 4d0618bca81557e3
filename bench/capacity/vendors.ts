import { DEFAULTS } from '../../src/config/defaults.ts';
import { createOfflineClaude } from '../../src/offline/claude/offlineClaude.ts';
import { say } from '../../src/offline/claude/plannedReply.ts';
import { createOfflineDoubleword } from '../../src/offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../../src/offline/elevenlabs/offlineElevenLabs.ts';
import { createFlite } from '../../src/offline/flite.ts';
import { serve } from '../../src/offline/serve.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';
import { clausesOf } from '../../src/tts/clauses.ts';
import { createElevenLabsTts } from '../../src/tts/elevenLabsTts.ts';
import { cannedRecogniser } from '../latency/cannedRecogniser.ts';
import { cannedVoice } from '../latency/cannedVoice.ts';
import type { FromChild } from './message.ts';
import { ANSWER, GREETING, QUESTION } from './script.ts';

// The vendors of the capacity bench, in a process of their own: they speak and hear from memory.
const voice = cannedVoice(createFlite());
await voice.warm();
const server = await serve([
  createOfflineElevenLabs({
    recogniser: cannedRecogniser(() => QUESTION),
    voice,
    limits: { sttPartialFromMs: Number.POSITIVE_INFINITY },
  }),
  createOfflineClaude({ replier: () => say(ANSWER) }),
  createOfflineDoubleword(),
]);
const rehearsal = createElevenLabsTts({
  apiKey: 'bench',
  baseUrl: server.origin,
  voiceId: DEFAULTS.ELEVEN_VOICE_ID,
  model: DEFAULTS.TTS_MODEL,
  language: 'en',
  clock: systemClock,
  log: silentLogger,
});
for (const text of [GREETING, ANSWER]) await rehearse(text);
await rehearsal.close();
process.send?.({ type: 'ready', origin: server.origin } satisfies FromChild);
process.once('disconnect', () => process.exit(0));

async function rehearse(text: string): Promise<void> {
  const speech = rehearsal.speak(clausesOf(once(text)), { signal: new AbortController().signal });
  for await (const _ of speech);
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
