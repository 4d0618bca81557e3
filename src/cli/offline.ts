import { once } from 'node:events';
import { createOfflineClaude } from '../offline/claude/offlineClaude.ts';
import { createOfflineDoubleword } from '../offline/doubleword/offlineDoubleword.ts';
import { createOfflineElevenLabs } from '../offline/elevenlabs/offlineElevenLabs.ts';
import { createFlite } from '../offline/flite.ts';
import { serve } from '../offline/serve.ts';
import { createMoonshine } from '../perception/moonshine.ts';
import { stopSignal } from './stopSignal.ts';

/** `voice-agent offline`: the three stand-ins on one port, for whoever develops without keys. */
export async function offline({ port }: { port: number }): Promise<void> {
  const stop = stopSignal();
  const recogniser = createMoonshine();
  const voice = createFlite();
  const server = await serve(
    [createOfflineElevenLabs({ recogniser, voice }), createOfflineClaude(), createOfflineDoubleword()],
    port,
  );
  process.stdout.write(
    [
      '# ElevenLabs, Claude and Doubleword, offline. For .env; any key will do that does not begin with "invalid":',
      `ELEVENLABS_BASE_URL=${server.origin}`,
      'ELEVEN_API_KEY=offline',
      `ANTHROPIC_BASE_URL=${server.origin}`,
      'ANTHROPIC_API_KEY=offline',
      `DOUBLEWORD_BASE_URL=${server.origin}/v1`,
      'DOUBLEWORD_API_KEY=offline',
      '',
    ].join('\n'),
  );
  await Promise.all([recogniser.warm(), voice.warm()]);
  if (!stop.aborted) await once(stop, 'abort');
  await server.close();
  await Promise.all([recogniser.close(), voice.close()]);
}
