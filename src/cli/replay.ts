import { readFile } from 'node:fs/promises';
import { VoiceAgentError } from '../errors.ts';
import { type Mismatch, replay } from '../telemetry/replay.ts';

/** `voice-agent replay <file>`: feeds a recorded call back into the conversation core and compares what it commands. */
export async function replayFile(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new VoiceAgentError('VA_CONFIG', `${path} cannot be read: is the name right?`, { cause });
  });
  const { events, commands, mismatches } = replayed(path, text);
  const counts = `${events} events, ${commands} commands`;
  const [first] = mismatches;
  if (!first) {
    process.stdout.write(`${counts}: identical\n`);
    return;
  }
  const many = mismatches.length === 1 ? '1 command differs' : `${mismatches.length} commands differ`;
  throw new VoiceAgentError('VA_REPLAY', `${counts}: ${many}\n${describe(path, first)}`);
}

function replayed(path: string, text: string): ReturnType<typeof replay> {
  try {
    return replay(text.split('\n'));
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : String(cause);
    throw new VoiceAgentError('VA_CONFIG', `${path} is no recorded call: ${reason}`, { cause });
  }
}

function describe(path: string, { event, line, recorded, replayed }: Mismatch): string {
  return [
    `first at ${path}:${line}`,
    `  event     ${JSON.stringify(event)}`,
    `  recorded  ${recorded ?? '(no further command)'}`,
    `  replayed  ${replayed ?? '(no further command)'}`,
  ].join('\n');
}
