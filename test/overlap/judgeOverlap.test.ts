import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeOverlap,
  type OverlapHearing,
  type OverlapVerdict,
} from '../../src/conversation/overlap/judgeOverlap.ts';

function judge(text: string, hearing: Partial<OverlapHearing> = {}): OverlapVerdict {
  return judgeOverlap({ text, ms: 350, speech: 'goesOn', from: 'local', ours: '', ...hearing });
}

const over = (ms: number) => ({ ms, speech: 'ended' }) as const;

describe('words that ask for the floor', () => {
  it.each([
    'Stop.',
    'Wait.',
    'Hold on.',
    'Hang on.',
    'Stop, wait',
    'Sorry',
    'Excuse me.',
    'Actually',
    'Listen',
    'One second.',
    'Quiet.',
    'Enough.',
    'Never mind',
    'Can you',
    'What about',
    'I have a question',
    'Let me',
    'Yeah, but what',
    'Okay, so what',
    'Right, and what about',
    'Oh wait',
    "That's enough",
    "I don't understand",
    'Give me',
  ])('%s: cuts at the second look that hears it well', (text) => {
    expect(judge(text, { ms: 300, earlier: [text], sure: [0.95] })).toBe('interrupt');
  });

  it.each(['Stop.', 'Wait.', 'Hold on', 'Sorry', 'Actually,'])('%s: cuts at the first look', (text) => {
    expect(judge(text, { ms: 250 })).toBe('interrupt');
  });

  it.each(['What', 'No', 'Why', 'But', 'Not'])(
    '%s, which much is misheard as: cuts when it goes on',
    (text) => {
      const earlier = [text, text];
      const sure = [0.6];
      expect(judge(text, { ms: 450, earlier, sure })).toBe('undecided');
      expect(judge(text, { ms: 800, earlier: [...earlier, text, text], sure: [0.98] })).toBe('interrupt');
      expect(judge(text, { ...over(300), earlier, sure })).toBe('backchannel');
    },
  );

  it.each(['No.', 'What?', 'Why?'])(
    '%s: is all that was said, and well heard: cuts in the pause that may be its end',
    (text) => {
      const hearing = { ms: 300, earlier: [text] } as const;
      expect(judge(text, { ...hearing, speech: 'paused', sure: [0.97, 0.99] })).toBe('interrupt');
      expect(judge(text, { ...hearing, speech: 'paused', sure: [0.55, 0.7] })).toBe('undecided');
      expect(judge(text, { ...hearing, speech: 'ended', sure: [0.55, 0.7] })).toBe('backchannel');
    },
  );

  it('the surer the recogniser, the sooner', () => {
    const hearing = { ms: 300, earlier: ['Quiet.'] };
    expect(judge('Quiet.', { ...hearing, sure: [0.3] })).toBe('undecided');
    expect(judge('Quiet.', { ...hearing, sure: [0.95] })).toBe('interrupt');
  });

  it.each(['But I', 'Not that', 'No, that is'])('%s: is surer than a weak word alone', (text) => {
    expect(judge(text, { ms: 300, earlier: [text] })).toBe('interrupt');
  });

  it('a bare "no" that is over cuts when the vendor heard it', () => {
    expect(judge('No.', { ...over(300), from: 'vendor' })).toBe('interrupt');
  });

  it.each([
    "Yeah, but I don't think so.",
    'Okay, so how do I get there?',
    'I see, so where is it?',
    'Right, and what about the price?',
    'Thanks, but I need another one.',
    'Mm-hmm, can you say that again?',
    'My name is Alice.',
    'Four tickets to Berlin please.',
  ])('%s: cuts when it is over, whoever heard it', (text) => {
    expect(judge(text, over(1_500))).toBe('interrupt');
    expect(judge(text, { ...over(1_500), from: 'vendor' })).toBe('interrupt');
  });

  it('listens on after a continuer, and cuts when something else follows', () => {
    expect(judge('Yeah.', { ms: 350 })).toBe('undecided');
    expect(judge('Yeah,', { ms: 550 })).toBe('undecided');
    const earlier = ['Yeah.', 'Yeah,'];
    expect(judge('Yeah, but what', { ms: 600, earlier, sure: [0.6, 0.5, 0.3] })).toBe('undecided');
    expect(judge('Yeah, but what', { ms: 700, earlier: [...earlier, 'Yeah, but'] })).toBe('interrupt');
  });

  it('cuts for words that it does not know when they go on', () => {
    expect(judge('Peter told', { ms: 450 })).toBe('undecided');
    expect(judge('Peter told me', { ms: 1_150 })).toBe('interrupt');
  });
});

describe('what listeners say', () => {
  it.each([
    'Yeah.',
    'Uh-huh',
    'Mm-hmm.',
    'Okay, okay.',
    'Makes sense.',
    'Absolutely.',
    'Of course.',
    "That's right.",
    'Oh, really?',
    'Wow, nice.',
    'Got it.',
    'Sounds good.',
    'I see.',
    'Sure, sure.',
    'Perfect.',
    'Interesting.',
    'Exactly!',
    'True.',
    'No way.',
    "You're kidding!",
    'Good point.',
    'Fair enough.',
    'Oh, okay.',
    "That's really very interesting.",
    'Oh wow, that sounds amazing.',
    'Thank you so much.',
    'Yeah, I know what you mean.',
    "I can't believe it.",
    'What a lovely idea.',
    'Is that so?',
    'No, I know.',
    'Mm, right, of course.',
    "I can't wait.",
  ])('%s: is a backchannel, and nothing before it is over', (text) => {
    for (const ms of [250, 450, 650, 800, 1_000]) expect(judge(text, { ms })).toBe('undecided');
    expect(judge(text, over(600))).toBe('backchannel');
    expect(judge(text, { ...over(600), from: 'vendor' })).toBe('backchannel');
  });

  it.each(['Mm', 'Uh', 'Um', 'Them', 'Amen', 'mm h', 'hm', 'Hmm mm', 'M. H. M.'])(
    '%s, which a hum is heard as, is kept',
    (text) => {
      expect(judge(text, { ms: 450 })).toBe('undecided');
      expect(judge(text, over(400))).toBe('backchannel');
    },
  );

  it.each(["That's really", 'Oh my', 'Of', 'You are', 'I can'])('%s: may become one', (text) => {
    expect(judge(text, { ms: 650 })).toBe('undecided');
  });

  it('does not take a very short sound for a weak word', () => {
    expect(judge('But', over(190))).toBe('backchannel');
  });

  it.each(['', ' ', '...', '?'])('"%s": no words are nothing', (text) => {
    expect(judge(text, { ms: 1_000 })).toBe('undecided');
    expect(judge(text, over(500))).toBe('nothing');
  });
});

describe('with the texts of the earlier looks', () => {
  it.each([
    ['No.', ['Wow']],
    ['But', ['Good.', 'Good.']],
    ['Not just', ['That is true']],
    ['One person', ['Wonderful.']],
  ])('"%s" after %j is not believed', (text, earlier) => {
    expect(judge(text, { ms: 650, earlier })).toBe('undecided');
  });

  it('is surer of a word that was heard before', () => {
    expect(judge('Give me', { ms: 400, earlier: ['Yeah.'] })).toBe('undecided');
    expect(judge('Give me', { ms: 400, earlier: ['Give'] })).toBe('undecided');
    expect(judge('Give me', { ms: 400, earlier: ['Give me'] })).toBe('interrupt');
  });

  it('does not hold a continuer against what goes on from it', () => {
    expect(judge('Right, and what about', { ms: 650, earlier: ['Right?', 'Right.'] })).toBe('interrupt');
    expect(judge('Exactly, but how', { ms: 800, earlier: ['Exactly.', 'Exactly, but'] })).toBe('interrupt');
  });

  it.each(['Stop.', 'Wait', 'Hold on'])('%s: needs no second hearing', (text) => {
    expect(judge(text, { ms: 350, earlier: ['Oh'] })).toBe('interrupt');
  });

  it('keeps a backchannel whose last look was worse than one before', () => {
    const earlier = ['Number', 'Understood.', 'Understood.'];
    expect(judge('And rested my case', { ...over(650), earlier })).toBe('backchannel');
  });

  it('believes the vendor', () => {
    const earlier = ['Great.', 'Great.'];
    expect(judge('Wait, tell me more.', { ...over(650), earlier, from: 'vendor' })).toBe('interrupt');
  });
});

describe('our own voice', () => {
  const ours =
    'The capital of France is Paris, which lies on the river Seine. Would you like me to tell you about its history?';

  it.each([
    'The capital of',
    'capital of France is Paris',
    'The capitol of Frants',
    'which lies on the river',
    'Would you like me to',
    'tell you about its',
    'lies on the reverse end',
    'history',
    'The captain of France is pairs',
  ])('%s: is an echo', (text) => {
    expect(judge(text, { ms: 550, ours })).toBe('echo');
    expect(judge(text, { ...over(1_400), ours })).toBe('echo');
    expect(judge(text, { ...over(1_400), from: 'vendor', ours })).toBe('echo');
  });

  it.each([
    'Stop.',
    'Wait',
    'The capital of wait stop',
    'of France is hold on',
    'the river stop',
    'capital of France excuse me',
    'which lies what about Rome',
  ])('%s: is a caller over it', (text) => {
    expect(judge(text, { ms: 550, ours })).toBe('interrupt');
  });

  it('a bare "stop" cuts even when we have just said the word', () => {
    expect(judge('Stop.', { ours: 'The bus does not stop at the museum.' })).toBe('interrupt');
  });

  it('what follows an echo is one too, unless it is an interruption beyond doubt', () => {
    const earlier = ['The capital', 'The capital of'];
    expect(judge('Pairs in the sane room', { ms: 1_000, ours, earlier })).toBe('undecided');
    expect(judge('Pairs in the sane room', { ...over(1_200), ours, earlier })).toBe('echo');
    expect(judge('The capital of stop', { ms: 650, ours, earlier })).toBe('interrupt');
    expect(judge('Wait, what', { ms: 650, ours, earlier })).toBe('interrupt');
  });

  it('"sorry" is ours when we say it', () => {
    expect(judge('Sorry.', { ours: 'Sorry, I did not catch that.' })).toBe('echo');
    expect(judge('Sorry.', { ours })).toBe('interrupt');
  });

  it.each(['Yeah.', 'I see.', 'Oh, that is great.'])('%s: is not ours', (text) => {
    expect(judge(text, { ...over(500), ours })).toBe('backchannel');
  });
});

describe('whatever is heard', () => {
  const word = fc.constantFrom(
    ...'yeah okay stop wait no but the a is that right so what about i you can really great not and peter mm'.split(
      ' ',
    ),
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  );
  const hearing = fc.record({
    text,
    ms: fc.integer({ min: 0, max: 3_000 }),
    speech: fc.constantFrom('goesOn' as const, 'paused' as const, 'ended' as const),
    from: fc.constantFrom('local', 'vendor'),
    ours: text,
    earlier: fc.array(text, { maxLength: 4 }),
  }) satisfies fc.Arbitrary<OverlapHearing>;

  it('is backchannel or nothing only once it has ended, and is decided then', () => {
    fc.assert(
      fc.property(hearing, (one) => {
        const verdict = judgeOverlap(one);
        if (one.speech === 'ended') expect(verdict).not.toBe('undecided');
        else expect(['interrupt', 'undecided', 'echo']).toContain(verdict);
      }),
    );
  });

  it('stays an interruption when the same words go on for longer', () => {
    fc.assert(
      fc.property(hearing, fc.integer({ min: 0, max: 1_000 }), (one, more) => {
        fc.pre(one.speech !== 'ended' && judgeOverlap(one) === 'interrupt');
        expect(judgeOverlap({ ...one, ms: one.ms + more })).toBe('interrupt');
      }),
    );
  });

  it('does not depend on capitals and punctuation', () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 8 }),
        fc.integer({ min: 0, max: 1_500 }),
        fc.constantFrom('goesOn' as const, 'ended' as const),
        (w, ms, speech) => {
          const plain = judge(w.join(' '), { ms, speech });
          expect(judge(`${w.join(', ').toUpperCase()}!`, { ms, speech })).toBe(plain);
        },
      ),
    );
  });
});
