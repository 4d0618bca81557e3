import { Playback, type PlaybackEvent } from '../playback/playback.ts';
import { UtteranceAudio } from '../playback/utteranceAudio.ts';
import type { AudioOutput } from '../room/audioOutput.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { ClauseChunker } from '../tts/clauses.ts';
import type { SpeechChunk, TextToSpeech } from '../tts/textToSpeech.ts';
import { TextChannel } from './textChannel.ts';
import { Part } from './utterancePart.ts';

interface Utterance {
  readonly audio: UtteranceAudio;
  readonly text: TextChannel;
  readonly clauses: ClauseChunker;
  readonly abort: AbortController;
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
  /** `LOST_VOICE`, made while the voice still works. */
  readonly #spare: SpeechChunk[] = [];

  constructor(options: {
    tts: TextToSpeech;
    output: AudioOutput;
    clock: Clock;
    log: Logger;
    listener: (event: PlaybackEvent) => void;
  }) {
    this.#tts = options.tts;
    this.#log = options.log;
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
      const signal = this.#closing.signal;
      for await (const chunk of this.#tts.speak(once(LOST_VOICE), { signal })) this.#spare.push(chunk);
    } catch (error) {
      this.#log.warn('the voice could not be warmed up', { error });
    }
  }

  begin(id: string): void {
    const utterance: Utterance = {
      audio: new UtteranceAudio(),
      text: new TextChannel(),
      clauses: new ClauseChunker(),
      abort: new AbortController(),
      playing: false,
    };
    this.#utterances.set(id, utterance);
    void this.#synthesise(utterance);
  }

  text(id: string, text: string): void {
    const utterance = this.#utterances.get(id);
    utterance?.text.push(...utterance.clauses.push(text));
  }

  end(id: string): void {
    const utterance = this.#utterances.get(id);
    utterance?.text.push(...utterance.clauses.flush());
    utterance?.text.close();
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
        if (!signal.aborted) audio.finish('complete');
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
