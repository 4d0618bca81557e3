import { joinTranscripts, stripCutMark } from './joinTranscripts.ts';

export interface LedgerOptions {
  /** Samples gathered before an audio message is due. */
  readonly chunkSamples: number;
  /** Longest audio message (a replay sends larger pieces than live audio does). */
  readonly maxChunkSamples: number;
  /** A commit needs at least this many samples … */
  readonly minCommitSamples: number;
  /** … and a shorter segment is filled up with silence to this many. */
  readonly paddedSamples: number;
  /** The open segment is committed by ourselves at this length. */
  readonly forceSamples: number;
  /** Audio kept for a replay, over all segments; the oldest goes first. */
  readonly keepSamples: number;
  /** How many connections the oldest commit may break before its segment is given up and answered ''. */
  readonly deliveries: number;
}

export type Outgoing =
  | { readonly type: 'audio'; readonly pcm: Int16Array }
  | { readonly type: 'commit'; readonly padding: number };

export interface Settled {
  readonly commitId: string;
  readonly text: string;
}

interface Segment {
  frames: Int16Array[];
  samples: number;
  /** Samples of `frames` that went out on this connection. */
  sent: number;
  /** `forced`: ended by us at the length limit; its text belongs in front of the next segment's. */
  end:
    | { readonly type: 'open' }
    | { readonly type: 'forced' }
    | { readonly type: 'commit'; readonly id: string };
  commitSent: boolean;
  deliveries: number;
}

const newSegment = (): Segment => ({
  frames: [],
  samples: 0,
  sent: 0,
  end: { type: 'open' },
  commitSent: false,
  deliveries: 0,
});

/**
 * What the caller said and the vendor has not answered yet, in order: segments ended by commits, and the open one.
 * It decides what goes on the wire next, matches answers to commits first in first out (frames carry no id), and after
 * a reconnect plays everything unanswered again. Pure: no clock, no socket.
 */
export class AudioLedger {
  readonly #options: LedgerOptions;
  #segments: Segment[] = [newSegment()];
  /** Text of our own forced commits, waiting for the next real one. */
  #carried = '';

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Commits that the vendor has been sent and has not answered. */
  get awaited(): number {
    return this.#segments.filter((segment) => segment.commitSent).length;
  }

  /** Samples of all segments that are kept. */
  get keptSamples(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.samples, 0);
  }

  write(frame: Int16Array): void {
    const open = this.#open();
    open.frames.push(frame.slice());
    open.samples += frame.length;
    if (open.samples >= this.#options.forceSamples) this.#end(open, { type: 'forced' });
    this.#forgetOldest();
  }

  commit(id: string): void {
    this.#end(this.#open(), { type: 'commit', id });
  }

  /** The next message for the connection; undefined when there is nothing due. Counts as sent. */
  next(): Outgoing | undefined {
    for (const segment of this.#segments) {
      if (segment.commitSent) continue;
      const unsent = segment.samples - segment.sent;
      if (segment.end.type === 'open') {
        return unsent >= this.#options.chunkSamples ? this.#takeAudio(segment, unsent) : undefined;
      }
      if (unsent > 0) return this.#takeAudio(segment, unsent);
      if (segment.samples === 0) continue;
      segment.commitSent = true;
      const short = segment.samples < this.#options.minCommitSamples;
      return { type: 'commit', padding: short ? this.#options.paddedSamples - segment.samples : 0 };
    }
    return undefined;
  }

  /** Audio of the open segment that is not yet a whole chunk, so that a keepalive does not overtake it. */
  takeRest(): Int16Array | undefined {
    const open = this.#open();
    const unsent = open.samples - open.sent;
    return unsent > 0 ? this.#takeAudio(open, unsent).pcm : undefined;
  }

  /** Commits at the head that need no answer of the vendor: no audio, or given up after too many deliveries. */
  settleLocally(): Settled[] {
    const settled: Settled[] = [];
    for (;;) {
      const head = this.#segments[0];
      if (head === undefined || head.end.type === 'open' || head.commitSent) return settled;
      if (head.samples > 0 && head.deliveries < this.#options.deliveries) return settled;
      settled.push(...this.#settle(head, ''));
    }
  }

  /** The vendor's answer to the oldest awaited commit, or one that nobody asked for. */
  answer(text: string): Settled[] {
    const head = this.#segments[0];
    if (head?.commitSent) return [...this.#settle(head, text), ...this.settleLocally()];
    // Unasked (the server commits by itself at about 36 s): what was sent of this segment is answered.
    this.#carry(text);
    if (head) this.#dropFront(head, head.sent);
    return [];
  }

  /** A new connection knows nothing: everything unanswered is to be sent again. */
  rewind(): void {
    const head = this.#segments[0];
    // Answers come in order, so only the oldest commit can be the one that breaks the connection.
    if (head?.commitSent) head.deliveries += 1;
    for (const segment of this.#segments) {
      segment.sent = 0;
      segment.commitSent = false;
    }
  }

  #open(): Segment {
    const last = this.#segments.at(-1);
    if (last?.end.type === 'open') return last;
    const open = newSegment();
    this.#segments.push(open);
    return open;
  }

  #end(segment: Segment, end: Segment['end']): void {
    segment.end = end;
    this.#segments.push(newSegment());
  }

  #settle(segment: Segment, text: string): Settled[] {
    this.#segments.shift();
    if (segment.end.type !== 'commit') {
      this.#carry(text);
      return [];
    }
    const whole = stripCutMark(joinTranscripts(this.#carried, text));
    this.#carried = '';
    return [{ commitId: segment.end.id, text: whole }];
  }

  #carry(text: string): void {
    // The mark of the cut at the end stays until the next piece is known.
    this.#carried =
      this.#carried === ''
        ? text.trim()
        : text.trim() === ''
          ? this.#carried
          : joinTranscripts(this.#carried, text);
  }

  #takeAudio(segment: Segment, unsent: number): { type: 'audio'; pcm: Int16Array } {
    const pcm = new Int16Array(Math.min(unsent, this.#options.maxChunkSamples));
    let skip = segment.sent;
    let filled = 0;
    for (const frame of segment.frames) {
      if (skip >= frame.length) {
        skip -= frame.length;
        continue;
      }
      const part = frame.subarray(skip, skip + pcm.length - filled);
      pcm.set(part, filled);
      filled += part.length;
      skip = 0;
      if (filled === pcm.length) break;
    }
    segment.sent += pcm.length;
    return { type: 'audio', pcm };
  }

  #forgetOldest(): void {
    let over = this.keptSamples - this.#options.keepSamples;
    for (const segment of this.#segments) {
      if (over <= 0) return;
      over -= this.#dropFront(segment, over);
    }
  }

  /** Drops whole frames until `samples` are gone; returns how many went. */
  #dropFront(segment: Segment, samples: number): number {
    let dropped = 0;
    while (dropped < samples) {
      const frame = segment.frames.shift();
      if (frame === undefined) break;
      dropped += frame.length;
    }
    segment.samples -= dropped;
    segment.sent = Math.max(0, segment.sent - dropped);
    return dropped;
  }
}
