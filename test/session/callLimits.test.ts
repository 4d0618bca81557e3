import { describe, expect, it } from 'vitest';
import type { ConversationEvent } from '../../src/conversation/event.ts';
import { defaultConversationOptions } from '../../src/conversation/options.ts';
import { type CallLimits, CallWatch } from '../../src/session/callLimits.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const { lines } = defaultConversationOptions;
const LIMITS: CallLimits = { idleMs: 600_000, longestMs: 3_600_000 };

function watch(limits: CallLimits, isAwaited?: () => Promise<boolean>) {
  const clock = new VirtualClock();
  const events: ConversationEvent[] = [];
  const watched: CallWatch = new CallWatch({
    limits,
    clock,
    lines,
    ...(isAwaited === undefined ? {} : { isAwaited }),
    dispatch: (event) => {
      events.push(event);
      watched.saw(event);
    },
  });
  return { clock, events, watched };
}

const speech: ConversationEvent = { type: 'user.speechStarted', onsetAgoMs: 0 };

describe('the limits of a call', () => {
  it('asks a silent caller, and hangs up when nothing comes', async () => {
    const { clock, events, watched } = watch({ ...LIMITS, longestMs: 0 });
    await clock.advance(569_000);
    expect(events).toEqual([]);
    await clock.advance(2_000);
    expect(events).toEqual([{ type: 'call.remark', text: lines.stillThere }]);
    // That this was said is no sign of life.
    watched.saw({
      type: 'speech.ended',
      utteranceId: 'line-2',
      heard: lines.stillThere,
      outcome: 'complete',
    });
    await clock.advance(30_000);
    expect(events.at(-1)).toEqual({ type: 'call.closing', text: lines.nobodyThere });
    watched.close();
  });

  it('a caller who answers stays', async () => {
    const { clock, events, watched } = watch({ ...LIMITS, longestMs: 0 });
    await clock.advance(571_000);
    watched.saw(speech);
    await clock.advance(500_000);
    expect(events).toHaveLength(1);
    watched.close();
  });

  it('a caller who waits for a task is neither asked nor hung up on; once it is over, silence counts again', async () => {
    let running = true;
    const { clock, events, watched } = watch({ ...LIMITS, longestMs: 0 }, async () => running);
    await clock.advance(3_000_000);
    expect(events).toEqual([]);
    running = false;
    await clock.advance(600_000);
    expect(events[0]).toEqual({ type: 'call.remark', text: lines.stillThere });
    await clock.advance(31_000);
    expect(events.at(-1)).toEqual({ type: 'call.closing', text: lines.nobodyThere });
    watched.close();
  });

  it('a task that begins after the question keeps the call', async () => {
    let running = false;
    const { clock, events, watched } = watch({ ...LIMITS, longestMs: 0 }, async () => running);
    await clock.advance(571_000);
    running = true;
    await clock.advance(500_000);
    expect(events).toEqual([{ type: 'call.remark', text: lines.stillThere }]);
    watched.close();
  });

  it('tasks that cannot be looked up keep no call, and the longest duration ends one that waits', async () => {
    const unknown = watch({ ...LIMITS, longestMs: 0 }, () => Promise.reject(new Error('no store')));
    await unknown.clock.advance(601_000);
    expect(unknown.events.at(-1)).toEqual({ type: 'call.closing', text: lines.nobodyThere });
    const waiting = watch(LIMITS, async () => true);
    await waiting.clock.advance(3_601_000);
    expect(waiting.events.at(-1)).toEqual({ type: 'call.closing', text: lines.timeIsUp });
    waiting.watched.close();
  });

  it('warns a minute before the longest duration, however lively the call', async () => {
    const { clock, events, watched } = watch({ ...LIMITS, idleMs: 0 });
    await clock.advance(3_541_000);
    expect(events).toEqual([{ type: 'call.remark', text: lines.almostOver }]);
    watched.saw(speech);
    await clock.advance(60_000);
    expect(events.at(-1)).toEqual({ type: 'call.closing', text: lines.timeIsUp });
    watched.close();
  });
});
