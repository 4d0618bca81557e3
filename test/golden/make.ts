/**
 * Makes the golden recordings anew: real calls on real audio, in the in-process room. Run it when the core has changed on
 * purpose (`npx tsx test/golden/make.ts [name…]`), and read the difference before it is committed.
 */
import { fileURLToPath } from 'node:url';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { createRecorder } from '../../src/telemetry/recorder.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { createRig } from '../e2e/rig.ts';
import { SCENARIOS } from './scenarios.ts';

const wanted = process.argv.slice(2);
const folder = fileURLToPath(new URL('.', import.meta.url));

for (const [name, play] of Object.entries(SCENARIOS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const rig = await createRig({ env: { GREETING: defaultConversationOptions.greeting } });
  const recorder = createRecorder({
    path: `${folder}${name}.ndjson`,
    options: rig.conversation,
    log: silentLogger,
  });
  const call = await rig.call(name, [recorder]);
  await play(rig, call);
  await call.caller.hangUp();
  await call.session.ended;
  await recorder.close();
  await rig.close();
  console.log(`${name}: ${call.events.length} events`);
}
process.exit(0);
