const HEADER_BYTES = 44;

/** A 16-bit PCM WAV in memory: one channel, or two of which the shorter is filled up with silence. */
export function encodeWav(
  pcm: Int16Array | readonly [left: Int16Array, right: Int16Array],
  sampleRate: number,
): Buffer {
  const channels = pcm instanceof Int16Array ? [pcm] : pcm;
  const frames = Math.max(...channels.map((channel) => channel.length));
  const bytesPerFrame = 2 * channels.length;
  const file = Buffer.alloc(HEADER_BYTES + frames * bytesPerFrame);
  file.write('RIFF', 0, 'ascii');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'ascii');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * bytesPerFrame, 28);
  file.writeUInt16LE(bytesPerFrame, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'ascii');
  file.writeUInt32LE(frames * bytesPerFrame, 40);
  channels.forEach((channel, c) => {
    channel.forEach((sample, i) => {
      file.writeInt16LE(sample, HEADER_BYTES + i * bytesPerFrame + 2 * c);
    });
  });
  return file;
}
