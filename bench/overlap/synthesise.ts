import { spawn } from 'node:child_process';
import { decodeWav } from '../../src/audio/decodeWav.ts';
import { encodeWav } from '../../src/audio/encodeWav.ts';
import { INPUT_RATE } from '../../src/audio/format.ts';
import type { FliteEngine } from '../../src/offline/fliteEngine.ts';
import type { Line } from './clip.ts';
import type { Speaker } from './voices.ts';

/** A line in a speaker's voice, 16 kHz mono. Needs the programs `espeak-ng` and `sox`. */
export async function synthesise(flite: FliteEngine, line: Line, speaker: Speaker): Promise<Int16Array> {
  const dry =
    speaker.engine === 'flite' ? await byFlite(flite, line, speaker.voice) : await byEspeak(line, speaker);
  const { pitch, tempo } = speaker;
  const effects = [
    ...(pitch === undefined ? [] : ['pitch', String(pitch)]),
    ...(tempo === undefined ? [] : ['tempo', '-s', String(tempo)]),
  ];
  // -R: the dither, if there is any, is the same each time.
  const wav = await run(
    'sox',
    [
      '-R',
      '--ignore-length',
      '-t',
      'wav',
      '-',
      '-t',
      'wav',
      '-r',
      String(INPUT_RATE),
      '-c',
      '1',
      '-b',
      '16',
      '-',
      ...effects,
    ],
    dry,
  );
  return decodeWav(wav).pcm;
}

async function byFlite(flite: FliteEngine, { flite: said }: Line, voice: string): Promise<Buffer> {
  const pcm = 'text' in said ? await flite.say(said.text, voice) : await flite.sayPhones(said.phones, voice);
  return encodeWav(pcm, INPUT_RATE);
}

function byEspeak({ espeak }: Line, { voice }: Speaker): Promise<Buffer> {
  return run('espeak-ng', ['-v', voice, '-s', '165', '--stdout', espeak]);
}

function run(
  program: string,
  args: readonly string[],
  input: Uint8Array = new Uint8Array(0),
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    // A program that does not read its input to the end is judged by its exit code.
    child.stdin.on('error', () => {});
    child.on('error', (cause) =>
      reject(
        new Error(`${program} did not start: install it (Debian: apt install espeak-ng sox).`, { cause }),
      ),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(`${program} ended with code ${code}: ${Buffer.concat(complaints).toString()}`));
    });
    child.stdin.end(input);
  });
}
