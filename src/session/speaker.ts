import { Playback, type PlaybackEvent } from '../playback/playback.ts';
import { UtteranceAudio } from '../playback/utteranceAudio.ts';
import type { AudioOutput } from '../room/audioOutput.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { ClauseChunker } from '../tts/clauses.ts';
import { SpeechCache } from '../tts/speechCache.ts';
import type { SpeechChunk, TextToSpeech } from '../tts/textToSpeech.ts';
import { Rehearsal } from './rehearsal.ts';
import { TextChannel } from './textChannel.ts';
import { Part } from './utterancePart.ts';

interface Utterance {
  readonly audio: UtteranceAudio;
  readonly text: TextChannel;
  readonly clauses: ClauseChunker;
  readonly abort: AbortController;
  /** All of its text so far, as long as it could be a line that was made ahead. */
  line: string | undefined;
  playing: boolean;
}

/** Said, from memory, when the voice service does not answer any more. */
const LOST_VOICE = 'Sorry, my voice is failing me. Please give me a moment.';

/** Times that a broken voice is asked again within one utterance. */
const RETRIES = 1;

/**
 * Turns text into utterances and utterances into sound: what joins text-to-speech to playback. Every utterance begun ends
 * with exactly one `ended`, whatever the voice or the room does.
 */
export class Speaker {
  readonly #tts: TextToSpeech;
  readonly #log: Logger;
  readonly #listener: (event: PlaybackEvent) => void;
  readonly #playback: Playback;
  readonly #utterances = new Map<string, Utterance>();
  readonly #closing = new AbortController();
  /** `LOST_VOICE`, made while the voice works: whole, or empty. */
  #spare: readonly SpeechChunk[] = [];
  /** The voice broke when it was made. */
  #spareIsMissing = false;
  readonly #prepared: SpeechCache;
  readonly #rehearsal: Rehearsal;
  /** Utterances whose voice is being made. */
  #making = 0;

  constructor(options: {
    tts: TextToSpeech;
    output: AudioOutput;
    clock: Clock;
    log: Logger;
    listener: (event: PlaybackEvent) => void;
    /** What was made ahead, in this call and others with the same voice. */
    prepared?: SpeechCache;
  }) {
    this.#tts = options.tts;
    this.#log = options.log;
    this.#prepared = options.prepared ?? new SpeechCache();
    this.#rehearsal = new Rehearsal({
      tts: options.tts,
      cache: this.#prepared,
      log: options.log,
      isIdle: () => this.#making === 0,
    });
    this.#listener = options.listener;
    this.#playback = new Playback({
      output: options.output,
      clock: options.clock,
      listener: (event) => this.#onPlayback(event),
    });
  }

  /** Makes what has to be there before it is needed. Never rejects: a voice that fails now is told when it speaks. */
  async warm(): Promise<void> {
    try {
      await this.#tts.warm();
    } catch (error) {
      this.#log.warn('the voice could not be warmed up', { error });
    }
    await this.#makeSpare();
  }

  /** Half of the line would be worse than none: a voice that breaks here too is asked again when it has worked. */
  async #makeSpare(): Promise<void> {
    this.#spareIsMissing = false;
    this.#spare = this.#prepared.get(LOST_VOICE) ?? [];
    if (this.#spare.length > 0) return;
    try {
      const chunks: SpeechChunk[] = [];
      const { signal } = this.#closing;
      for await (const chunk of this.#tts.speak(once(LOST_VOICE), { signal })) chunks.push(chunk);
      if (signal.aborted) return;
      this.#spare = chunks;
      this.#prepared.put(LOST_VOICE, chunks);
    } catch (error) {
      this.#log.warn('the line for a lost voice could not be made', { error });
      this.#spareIsMissing = true;
    }
  }

  /** Has lines made that may be said later: then they are heard at once, also when the voice is gone. */
  prepare(texts: readonly string[]): void {
    this.#rehearsal.prepare(texts);
  }

  begin(id: string): void {
    const utterance: Utterance = {
      audio: new UtteranceAudio(),
      text: new TextChannel(),
      clauses: new ClauseChunker(),
      abort: new AbortController(),
      line: '',
      playing: false,
    };
    this.#utterances.set(id, utterance);
    this.#making++;
    void this.#synthesise(utterance).finally(() => {
      this.#making--;
      this.#rehearsal.check();
    });
  }

  text(id: string, text: string): void {
    const utterance = this.#utterances.get(id);
    if (!utterance) return;
    // Nothing is sent to the voice yet of what may be there already: the end of a line comes in the same moment.
    if (utterance.line === '' && this.#prepared.has(text)) {
      utterance.line = text;
      return;
    }
    this.#speakLine(utterance);
    utterance.text.push(...utterance.clauses.push(text));
  }

  end(id: string): void {
    const utterance = this.#utterances.get(id);
    if (!utterance) return;
    const made = utterance.line === undefined ? undefined : this.#prepared.get(utterance.line);
    if (made) {
      for (const chunk of made) utterance.audio.append(chunk);
      utterance.audio.finish('complete');
      utterance.abort.abort();
      return;
    }
    this.#speakLine(utterance);
    utterance.text.push(...utterance.clauses.flush());
    utterance.text.close();
  }

  /** It is no line that was made ahead, or more than that: the voice has to speak it. */
  #speakLine(utterance: Utterance): void {
    const { line = '', clauses, text } = utterance;
    utterance.line = undefined;
    if (line !== '') text.push(...clauses.push(line));
  }

  play(id: string): void {
    const utterance = this.#utterances.get(id);
    if (!utterance) return;
    utterance.playing = true;
    this.#playback.play(id, utterance.audio);
  }

  duck(): void {
    this.#playback.duck();
  }

  restore(): void {
    this.#playback.restore();
  }

  hold(): void {
    this.#playback.hold();
  }

  resume(): void {
    this.#playback.resume();
  }

  cut(id: string, when: 'now' | 'word'): void {
    const utterance = this.#utterances.get(id);
    if (!utterance) return;
    if (utterance.playing) this.#playback.cut(id, when);
    else this.#onPlayback({ type: 'speech.ended', utteranceId: id, heard: '', outcome: 'cut' });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#rehearsal.close();
    for (const { abort } of this.#utterances.values()) abort.abort();
    await this.#playback.close();
  }

  #onPlayback(event: PlaybackEvent): void {
    if (event.type === 'speech.ended') {
      this.#utterances.get(event.utteranceId)?.abort.abort();
      this.#utterances.delete(event.utteranceId);
    }
    this.#listener(event);
  }

  async #synthesise({ audio, text, abort }: Utterance): Promise<void> {
    const { signal } = abort;
    const clauses = new ReplayableClauses(text);
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      const part = new Part(audio);
      try {
        for await (const chunk of this.#tts.speak(clauses.remaining(), { signal })) part.append(chunk);
        if (signal.aborted) return;
        audio.finish('complete');
        if (this.#spareIsMissing) void this.#makeSpare();
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn('the voice failed in mid-utterance', { error, attempt });
        clauses.restartAfter(part);
      }
    }
    const spare = new Part(audio);
    for (const chunk of this.#spare) spare.append(chunk);
    audio.finish('failed');
  }
}

/** Clauses that can be given a second time, from the first one that was not spoken whole. */
class ReplayableClauses {
  readonly #source: AsyncIterator<string>;
  readonly #given: string[] = [];
  #first = 0;
  #next = 0;

  constructor(source: AsyncIterable<string>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async *remaining(): AsyncGenerator<string> {
    for (;;) {
      const known = this.#given[this.#next];
      if (known !== undefined) {
        this.#next++;
        yield known;
        continue;
      }
      const { value, done } = await this.#source.next();
      if (done) return;
      this.#given.push(value);
    }
  }

  /** `part` is what became of the clauses that were given last. */
  restartAfter(part: Part): void {
    let length = 0;
    this.#next = this.#first;
    for (const clause of this.#given.slice(this.#first)) {
      if (length + clause.length > part.characters) break;
      length += clause.length + 1;
      this.#next++;
    }
    this.#first = this.#next;
    part.keep(length);
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
