import type { ConversationState } from '../../../src/conversation/state.ts';
import { heardText, spell } from '../../../src/playback/heardText.ts';
import type { CharMark } from '../../../src/tts/textToSpeech.ts';
import { CHAR_MS, type SimVoice } from '../world/simVoice.ts';
import { SAMPLES_PER_MS } from '../world/soundCode.ts';
import type { Fail, Invariant } from './invariant.ts';
import type { OneVoice } from './oneVoice.ts';

const ROUNDING_MS = 1;

const spelt = (text: string) => text.replace(/\s+/g, ' ').trim();

/** What the core is told was heard is what the room played, and history holds it word for word, and nothing else. */
export function heardIsHistory(voice: SimVoice, one: OneVoice, fail: Fail): Invariant {
  const heards = new Map<string, string>();
  return {
    event(event, state) {
      if (event.type === 'speech.ended') {
        const { utteranceId, heard, outcome } = event;
        heards.set(utteranceId, heard.trim());
        if (utteranceId === one.current) {
          let played: string | undefined;
          let isTrue = false;
          for (const truth of truths(voice, one, outcome === 'complete')) {
            played ??= truth;
            isTrue = truth === spelt(heard);
            if (isTrue) break;
          }
          if (!isTrue) fail(`${utteranceId} (${outcome}): heard is "${heard}", but "${played}" was played`);
          if (outcome === 'complete' && !one.isWhole())
            fail(`${utteranceId} is complete, but not all was played`);
        } else if (heard !== '') {
          fail(`${utteranceId} was never played, but "${heard}" was heard`);
        }
      }
      if (state.phase === 'live') check(state);
    },
  };

  function check(state: ConversationState): void {
    for (const item of state.history) {
      if (item.kind !== 'assistant') continue;
      const { utteranceId, text } = item;
      const heard = heards.get(utteranceId);
      if (item.status === 'heard' && heard !== text) {
        fail(`history has "${text}" for ${utteranceId}, heard was "${heard}"`);
      }
      if (item.status === 'pending' && !isAlive(state, utteranceId)) {
        fail(`history waits for ${utteranceId}, which is neither spoken nor queued`);
      }
    }
  }
}

function isAlive({ floor }: ConversationState, utteranceId: string): boolean {
  if (floor.status !== 'free' && floor.utterance.id === utteranceId) return true;
  return floor.queue.some(({ id }) => id === utteranceId);
}

/** What may be said to have been heard; the first is the likeliest. */
function* truths(voice: SimVoice, one: OneVoice, isComplete: boolean): Generator<string> {
  for (const onlyBegun of [false, true]) {
    for (const followed of [false, true]) {
      for (const ms of [0, -ROUNDING_MS, ROUNDING_MS]) {
        yield spelt(truth(voice, one, isComplete, { onlyBegun, followed, ms }));
      }
    }
  }
  if (one.runs.some(({ stream }) => voice.streams[stream]?.broke))
    yield spelt(truth(voice, one, true, { onlyBegun: true, followed: false, ms: 0 }));
}

interface Reading {
  /** Without what the voice delivered at this very moment, or took back: it has not reached playback. */
  readonly onlyBegun: boolean;
  /** More was to come from another attempt of the voice, so that the last word's end is known. */
  readonly followed: boolean;
  readonly ms: number;
}

/** The text of what was played: streams one after the other, joined as clauses are. */
function truth(
  voice: SimVoice,
  one: OneVoice,
  isComplete: boolean,
  { onlyBegun, followed, ms }: Reading,
): string {
  const marks: CharMark[] = [];
  let playedMs = 0;
  for (const [index, { stream, to }] of one.runs.entries()) {
    const isLast = index === one.runs.length - 1;
    const all = voice.streams[stream]?.marks ?? [];
    if (index > 0) marks.push({ char: ' ', startMs: playedMs });
    for (const { char, startMs } of all) {
      if ((isLast && !onlyBegun) || startMs + ROUNDING_MS < to / SAMPLES_PER_MS)
        marks.push({ char, startMs: startMs + playedMs });
    }
    playedMs += to / SAMPLES_PER_MS;
  }
  if (followed) marks.push({ char: ' ', startMs: (marks.at(-1)?.startMs ?? 0) + CHAR_MS });
  return isComplete ? spell(marks) : heardText(marks, playedMs + ms);
}
