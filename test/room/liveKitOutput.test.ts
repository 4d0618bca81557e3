import { describe, expect, it } from 'vitest';
import { LiveKitOutput } from '../../src/room/liveKitOutput.ts';
import type { Microphone } from '../../src/room/microphone.ts';
import { silentLogger as silentLog } from '../../src/telemetry/silentLogger.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const FRAME = new Int16Array(480).fill(1000);

type Capture = 'accept' | 'refuse' | 'hang' | 'wait';

/** A stand-in for the native source; each capture does what the script says, and `accept` after it. */
class ScriptedMicrophone implements Microphone {
  readonly calls: string[] = [];
  readonly frames: Int16Array[] = [];
  readonly firstListener: Promise<void>;
  readonly #script: Capture[];
  #release: (() => void) | undefined;

  constructor(
    readonly trackSid: string,
    script: Capture[] = [],
    firstListener: Promise<void> = Promise.resolve(),
  ) {
    this.#script = [...script];
    this.firstListener = firstListener;
  }

  capture(frame: Int16Array): Promise<void> {
    this.calls.push('capture');
    const what = this.#script.shift() ?? 'accept';
    if (what === 'refuse') return Promise.reject(new Error('InvalidState - failed to capture frame'));
    if (what === 'hang') return new Promise(() => {});
    this.frames.push(frame);
    if (what === 'accept') return Promise.resolve();
    return new Promise((resolve) => {
      this.#release = () => {
        this.calls.push('captured');
        resolve();
      };
    });
  }

  release(): void {
    this.#release?.();
  }

  clearQueue(): void {
    this.calls.push('clearQueue');
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }
}

function build(first: ScriptedMicrophone, next: ScriptedMicrophone[] = []) {
  const clock = new VirtualClock();
  const lost: unknown[] = [];
  const output = new LiveKitOutput({
    sampleRate: 24_000,
    clock,
    log: silentLog,
    microphone: first,
    rebuild: async () => {
      const microphone = next.shift();
      if (microphone === undefined) throw new Error('publishing failed');
      return microphone;
    },
    onLost: (error) => lost.push(error),
  });
  return { output, clock, lost };
}

describe('LiveKitOutput', () => {
  it('hands on a copy that owns its buffer from offset 0, because rtc-node ignores the offset', async () => {
    const microphone = new ScriptedMicrophone('TR_1');
    const { output } = build(microphone);
    const pool = new Int16Array(1000).fill(7);
    await output.write(pool.subarray(100, 580));
    pool.fill(0);
    const [frame] = microphone.frames;
    expect([frame?.byteOffset, frame?.buffer.byteLength]).toEqual([0, 960]);
    expect(frame?.every((sample) => sample === 7)).toBe(true);
  });

  it('counts accepted samples less those that had time to be played', async () => {
    const { output, clock } = build(new ScriptedMicrophone('TR_1'));
    await output.write(FRAME);
    await output.write(FRAME);
    expect(output.queuedSamples()).toBe(960);
    await clock.advance(30);
    expect(output.queuedSamples()).toBe(240);
    await clock.advance(100);
    expect(output.queuedSamples()).toBe(0);
    await output.write(FRAME);
    expect(output.queuedSamples()).toBe(480);
  });

  it('clears, waits for the capture in flight, and clears again', async () => {
    const microphone = new ScriptedMicrophone('TR_1', ['wait']);
    const { output, clock } = build(microphone);
    const writing = output.write(FRAME);
    await clock.advance(0);
    let cleared = false;
    const clearing = output.clear().then(() => {
      cleared = true;
    });
    await clock.advance(0);
    expect(cleared).toBe(false);
    microphone.release();
    await Promise.all([clearing, writing]);
    expect(microphone.calls).toEqual(['capture', 'clearQueue', 'captured', 'clearQueue']);
    expect(output.queuedSamples()).toBe(0);
  });

  it('lets nothing out that was written before a clear, and everything after it', async () => {
    const microphone = new ScriptedMicrophone('TR_1', ['wait']);
    const { output, clock } = build(microphone);
    const first = output.write(FRAME);
    await clock.advance(0);
    const overtaken = output.write(new Int16Array(480).fill(2));
    const clearing = output.clear();
    const next = output.write(new Int16Array(480).fill(3));
    microphone.release();
    await Promise.all([first, overtaken, clearing, next]);
    expect(microphone.frames.at(-1)?.[0]).toBe(3);
    const lastClear = microphone.calls.lastIndexOf('clearQueue');
    expect(microphone.calls.slice(lastClear)).toEqual(['clearQueue', 'capture']);
  });

  it('publishes a new track after a refused frame and sends the frame on it', async () => {
    const broken = new ScriptedMicrophone('TR_1', ['accept', 'refuse']);
    const fresh = new ScriptedMicrophone('TR_2');
    const { output, lost } = build(broken, [fresh]);
    await output.write(FRAME);
    await output.write(new Int16Array(480).fill(5));
    expect(broken.calls).toEqual(['capture', 'capture', 'close']);
    expect(fresh.frames.map((frame) => frame[0])).toEqual([5]);
    expect(output.trackSid).toBe('TR_2');
    expect(output.queuedSamples()).toBe(480);
    expect(lost).toEqual([]);
  });

  it('publishes a new track when a capture hangs', async () => {
    const fresh = new ScriptedMicrophone('TR_2');
    const { output, clock } = build(new ScriptedMicrophone('TR_1', ['hang']), [fresh]);
    const writing = output.write(FRAME);
    await clock.advance(500);
    expect(fresh.frames).toHaveLength(0);
    await clock.advance(1000);
    await writing;
    expect(fresh.frames).toHaveLength(1);
  });

  it('does not take its own stalled thread for a hanging capture', async () => {
    const microphone = new ScriptedMicrophone('TR_1', ['wait']);
    const { output, clock, lost } = build(microphone);
    const writing = output.write(FRAME);
    await clock.advance(0);
    clock.stall(5000);
    await clock.advance(1);
    microphone.release();
    await writing;
    expect(lost).toEqual([]);
    expect(microphone.calls).not.toContain('close');
    expect(clock.pending).toBe(0);
  });

  it('gives the room up when no new track can be published', async () => {
    const { output, lost } = build(new ScriptedMicrophone('TR_1', ['refuse']));
    await expect(output.write(FRAME)).rejects.toMatchObject({ code: 'VA_ROOM_CLOSED' });
    await expect(output.write(FRAME)).rejects.toMatchObject({ code: 'VA_ROOM_CLOSED' });
    expect(lost).toHaveLength(1);
  });

  it('gives the room up when every new track breaks at once', async () => {
    const bad = () => new ScriptedMicrophone('TR_x', ['refuse', 'refuse']);
    const { output, lost } = build(bad(), [bad(), bad(), bad(), bad(), bad()]);
    await expect(output.write(FRAME)).rejects.toMatchObject({ code: 'VA_ROOM_CLOSED' });
    expect(lost).toHaveLength(1);
  });

  it('holds the first words until somebody is subscribed', async () => {
    let subscribe = () => {};
    const microphone = new ScriptedMicrophone(
      'TR_1',
      [],
      new Promise((resolve) => {
        subscribe = resolve;
      }),
    );
    const { output, clock } = build(microphone);
    const writing = output.write(FRAME);
    await clock.advance(300);
    expect(microphone.frames).toHaveLength(0);
    expect(output.queuedSamples()).toBe(0);
    subscribe();
    await writing;
    expect(microphone.frames).toHaveLength(1);
  });

  it('speaks after two seconds even if nobody subscribes, and waits only once', async () => {
    const microphone = new ScriptedMicrophone('TR_1', [], new Promise(() => {}));
    const { output, clock } = build(microphone);
    const writing = output.write(FRAME);
    await clock.advance(2000);
    await writing;
    await output.write(FRAME);
    expect(microphone.frames).toHaveLength(2);
  });

  it('lets clear() overtake first words that still wait for a listener', async () => {
    const microphone = new ScriptedMicrophone('TR_1', [], new Promise(() => {}));
    const { output } = build(microphone);
    const writing = output.write(FRAME);
    await output.clear();
    await writing;
    expect(microphone.frames).toEqual([]);
  });

  it('refuses words after close()', async () => {
    const microphone = new ScriptedMicrophone('TR_1');
    const { output } = build(microphone);
    await output.close();
    await expect(output.write(FRAME)).rejects.toMatchObject({ code: 'VA_ROOM_CLOSED' });
    expect(microphone.calls).toEqual(['close']);
  });
});
