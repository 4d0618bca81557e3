import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav } from '../../src/audio/decodeWav.ts';
import { encodeWav } from '../../src/audio/encodeWav.ts';
import { readWav, writeWav } from '../../src/audio/wav.ts';

const pcm = Int16Array.of(0, 1, -1, 32_767, -32_768, 258);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('WAV files', () => {
  it('give back the mono audio that was written', async () => {
    const path = join(folder, 'mono.wav');
    await writeWav(path, pcm, 16_000);
    expect(await readWav(path)).toEqual({ sampleRate: 16_000, channels: 1, pcm });
    expect(await readWav(await readFile(path))).toEqual({ sampleRate: 16_000, channels: 1, pcm });
  });

  it('hold two channels, the shorter one filled up with silence', async () => {
    const path = join(folder, 'stereo.wav');
    await writeWav(path, [Int16Array.of(1, 2, 3), Int16Array.of(-1)], 24_000);
    const interleaved = Int16Array.of(1, -1, 2, 0, 3, 0);
    expect(await readWav(path)).toEqual({ sampleRate: 24_000, channels: 2, pcm: interleaved });
  });

  it('have the header that the format asks for', () => {
    const file = encodeWav([pcm, pcm], 48_000);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.readUInt32LE(28)).toBe(48_000 * 4);
    expect(file.readUInt16LE(32)).toBe(4);
    expect(file.readUInt32LE(40)).toBe(file.length - 44);
  });

  it('are read past chunks that are not audio, of odd length too', () => {
    const plain = encodeWav(pcm, 8_000);
    const list = Buffer.from([0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0]);
    const file = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)]);
    expect(decodeWav(file).pcm).toEqual(pcm);
  });

  it.each([0xffff_ffff, 1_000_000])('whose writer left the size at %d are read to their end', (size) => {
    const file = encodeWav(pcm, 16_000);
    file.writeUInt32LE(size, 40);
    expect(decodeWav(file).pcm).toEqual(pcm);
  });

  it('are read from the middle of a larger buffer, at an odd offset', () => {
    const file = encodeWav(pcm, 16_000);
    const larger = Buffer.concat([Buffer.from([7]), file]);
    expect(decodeWav(larger.subarray(1)).pcm).toEqual(pcm);
  });

  it.each([
    ['text', Buffer.from('hello, this is no audio at all'), 'Not a WAV file'],
    ['nothing', Buffer.alloc(0), 'Not a WAV file'],
    ['a header without data', encodeWav(pcm, 16_000).subarray(0, 36), 'without audio data'],
    ['8-bit audio', withField(34, 8), '8 bits'],
    ['floats', withField(20, 3), 'format 3'],
  ])('are refused with the reason when they are %s', (_, file, reason) => {
    expect(() => decodeWav(file)).toThrow(reason);
  });

  it('are named in the refusal', async () => {
    const path = join(folder, 'broken.wav');
    await writeFile(path, 'RIFF');
    await expect(readWav(path)).rejects.toThrow('broken.wav: Not a WAV file');
  });
});

function withField(at: number, value: number): Buffer {
  const file = encodeWav(pcm, 16_000);
  file.writeUInt16LE(value, at);
  return file;
}
