import { describe, expect, it } from 'vitest';
import type { ConversationEvent } from '../../src/conversation/event.ts';
import { defaultConversationOptions as options } from '../../src/conversation/options.ts';
import { PATIENCE_MS, patience } from '../../src/conversation/patience.ts';
import { ignoreTurn, initialTurn, stepTurn, type TurnState } from '../../src/conversation/turn.ts';

const listening: TurnState = {
  status: 'listening',
  turns: 1,
  commits: 1,
  committedAt: undefined,
  usualPauseMs: 0,
};
const speaking: TurnState = {
  status: 'speaking',
  turns: 1,
  commits: 1,
  committedAt: undefined,
  usualPauseMs: 0,
  number: 1,
  late: [],
  segments: [],
  awaiting: [],
};
const pausing: TurnState = {
  status: 'pausing',
  turns: 1,
  commits: 2,
  committedAt: undefined,
  usualPauseMs: 0,
  number: 1,
  late: [],
  segments: [],
  awaiting: ['c2'],
  silentSince: 1_000,
  asked: true,
};
const tooShort: TurnState = { ...pausing, commits: 1, awaiting: ['c1'], asked: false };
const answered: TurnState = { ...pausing, segments: ['I would like to'], awaiting: [] };

const started: ConversationEvent = { type: 'user.speechStarted', onsetAgoMs: 100 };
const ended: ConversationEvent = { type: 'user.speechEnded', silenceMs: 200 };
const silent = (silenceMs: number): ConversationEvent => ({ type: 'user.pausing', silenceMs });
const wentOn: ConversationEvent = { type: 'user.wentOn' };
const commit = (commitId: string, text: string): ConversationEvent => ({
  type: 'stt.committed',
  commitId,
  text,
});
const timer = (name: 'turn.endpoint' | 'turn.commit'): ConversationEvent => ({ type: 'timer', name });

describe('the turn', () => {
  it.each<[string, TurnState, ConversationEvent, TurnState['status'], string[], string[]]>([
    ['opens when the user speaks', initialTurn, started, 'speaking', [], ['userTookFloor']],
    ['commits at a pause', speaking, ended, 'pausing', ['stt.commit', 'timer.set'], ['turnPaused']],
    ['notes a silence too short for a commit', speaking, silent(60), 'pausing', [], ['turnPaused']],
    ['commits once it is long enough', tooShort, silent(140), 'pausing', ['stt.commit', 'timer.set'], []],
    [
      'commits at once where it is',
      speaking,
      silent(140),
      'pausing',
      ['stt.commit', 'timer.set'],
      ['turnPaused'],
    ],
    [
      'waits for a pause beyond doubt so soon after another commit',
      { ...speaking, committedAt: 1_500 },
      silent(140),
      'pausing',
      [],
      ['turnPaused'],
    ],
    [
      'and commits then',
      { ...speaking, committedAt: 1_500 },
      ended,
      'pausing',
      ['stt.commit', 'timer.set'],
      ['turnPaused'],
    ],
    [
      'commits early again when the last one is long past',
      { ...speaking, committedAt: 100 },
      silent(140),
      'pausing',
      ['stt.commit', 'timer.set'],
      ['turnPaused'],
    ],
    ['commits once in a pause', pausing, silent(130), 'pausing', [], []],
    ['and has nothing to add at its end', pausing, ended, 'pausing', [], []],
    ['commits at the end of a short one', tooShort, ended, 'pausing', ['stt.commit', 'timer.set'], []],
    ['goes on after a consonant', tooShort, wentOn, 'speaking', [], ['turnResumed']],
    ['goes on after a commit', pausing, wentOn, 'speaking', ['timer.clear', 'timer.clear'], ['turnResumed']],
    ['opens anew for words that go on after its end', listening, wentOn, 'speaking', [], ['userTookFloor']],
    [
      'waits for its last words in a short silence',
      tooShort,
      commit('c1', 'Hello.'),
      'pausing',
      ['publish.transcript'],
      ['turnPartlyHeard'],
    ],
    ['ignores a silence while listening', listening, silent(140), 'listening', [], []],
    ['ignores a second start', speaking, started, 'speaking', [], []],
    ['ignores a pause while listening', listening, ended, 'listening', [], []],
    [
      'goes on when the user goes on',
      pausing,
      started,
      'speaking',
      ['timer.clear', 'timer.clear'],
      ['turnResumed'],
    ],
    [
      'ends at once when complete words come late enough',
      pausing,
      commit('c2', 'What is the time?'),
      'listening',
      ['timer.clear', 'timer.clear', 'publish.transcript'],
      ['turnHeard', 'turnEnded'],
    ],
    [
      'waits on when the words trail off',
      pausing,
      commit('c2', 'I would like to'),
      'pausing',
      ['publish.transcript', 'timer.clear', 'timer.set'],
      ['turnHeard'],
    ],
    [
      'ends when the patience is over',
      answered,
      timer('turn.endpoint'),
      'listening',
      ['timer.clear', 'timer.clear', 'publish.transcript'],
      ['turnEnded'],
    ],
    [
      'is dropped when there were no words',
      pausing,
      commit('c2', ''),
      'listening',
      ['timer.clear', 'timer.clear'],
      ['turnDropped'],
    ],
    [
      'is dropped when the words never come',
      pausing,
      timer('turn.commit'),
      'listening',
      ['timer.clear', 'timer.clear'],
      ['turnDropped'],
    ],
    ['ignores a stale timer', speaking, timer('turn.endpoint'), 'speaking', [], []],
    [
      'answers words that come after it was given up',
      listening,
      commit('c1', 'Hello?'),
      'listening',
      ['publish.transcript'],
      ['turnEnded'],
    ],
    ['ignores empty late words', listening, commit('c1', ''), 'listening', [], []],
    [
      'ends with what was heard when the ears fail',
      answered,
      { type: 'stt.failed' },
      'listening',
      ['timer.clear', 'timer.clear', 'publish.transcript'],
      ['turnEnded'],
    ],
    [
      'takes typed text as a turn of its own',
      speaking,
      { type: 'chat.received', text: ' hi ' },
      'speaking',
      [],
      ['turnEnded'],
    ],
    ['ignores blank typed text', listening, { type: 'chat.received', text: ' ' }, 'listening', [], []],
  ])('%s', (_name, before, event, status, commands, signals) => {
    const after = stepTurn(before, { ...event, at: 1_500 }, options);
    expect(after.turn.status).toBe(status);
    expect(after.commands.map(({ type }) => type)).toEqual(commands);
    expect(after.signals.map(({ type }) => type)).toEqual(signals);
  });

  it('joins the segments of a turn with pauses in it', () => {
    const open = { ...pausing, segments: ['I would like to'] };
    const { signals } = stepTurn(open, { ...commit('c2', 'know the time.'), at: 2_000 }, options);
    expect(signals).toContainEqual({
      type: 'turnEnded',
      text: 'I would like to know the time.',
      late: '',
      via: 'speech',
    });
  });

  it('keeps apart what was said before it and comes only now', () => {
    const { turn } = stepTurn(pausing, { ...commit('c1', 'In Lisbon.'), at: 1_500 }, options);
    const { signals } = stepTurn(turn, { ...commit('c2', 'Mm-hmm.'), at: 4_000 }, options);
    const words = { text: 'In Lisbon. Mm-hmm.', late: 'In Lisbon.' };
    expect(signals).toContainEqual({ type: 'turnEnded', ...words, via: 'speech' });
  });

  it('counts the silence that has already passed against the patience', () => {
    const { commands } = stepTurn(pausing, { ...commit('c2', 'I would like to'), at: 1_480 }, options);
    expect(commands).toContainEqual({ type: 'timer.set', name: 'turn.endpoint', ms: 1_600 - 480 });
  });

  it('learns how long this caller pauses, and waits longer for words that may go on', () => {
    const resumed = stepTurn({ ...answered, silentSince: 0 }, { ...started, at: 1_400 }, options).turn;
    expect(resumed.usualPauseMs).toBe(1_300);
    expect(patience('create a business plan', resumed.usualPauseMs)).toBeGreaterThan(1_500);
    expect(patience('What is the time?', resumed.usualPauseMs)).toBe(PATIENCE_MS.sentence);
  });

  it('does not take a consonant for rhythm', () => {
    const after = stepTurn({ ...tooShort, usualPauseMs: 700 }, { ...wentOn, at: 1_090 }, options).turn;
    expect(after.usualPauseMs).toBe(700);
  });

  it('does not take a long silence for rhythm', () => {
    expect(
      stepTurn({ ...answered, silentSince: 0 }, { ...started, at: 9_000 }, options).turn.usualPauseMs,
    ).toBe(0);
  });

  it('is given up without an answer when it was not for us', () => {
    const ignored = ignoreTurn(answered);
    expect(ignored.turn.status).toBe('listening');
    expect(ignored.signals).toEqual([]);
  });
});
