import { describe, expect, it } from 'vitest';
import { OwnAttributes } from '../../src/room/ownAttributes.ts';
import { silentLogger as silentLog } from '../../src/telemetry/silentLogger.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const LOST = new Promise<void>(() => {});
const state = (value: string) => ({ 'lk.agent.state': value });

/** `answer` stands for rtc-node: when its promise settles, and whether the change is seen. */
function build(answer: (attributes: OwnAttributes, sent: string) => Promise<void> = async () => {}) {
  const clock = new VirtualClock();
  const sent: string[] = [];
  const sentAt: number[] = [];
  const attributes: OwnAttributes = new OwnAttributes({
    set: (values) => {
      const value = values['lk.agent.state'] ?? '';
      sent.push(value);
      sentAt.push(clock.now());
      return answer(attributes, value);
    },
    clock,
    log: silentLog,
  });
  return { attributes, clock, sent, sentAt };
}

describe('OwnAttributes', () => {
  it('sends one change after the other, and nothing for a state that is already set', async () => {
    let busy = 0;
    const { attributes, sent } = build(async () => {
      expect(++busy).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      busy--;
    });
    await attributes.publishState('listening');
    await Promise.all([attributes.publishState('listening'), attributes.publishState('thinking')]);
    await attributes.publishState('listening');
    expect(sent).toEqual(['listening', 'thinking', 'listening']);
    await attributes.resend();
    expect(sent).toEqual(['listening', 'thinking', 'listening', 'listening']);
  });

  it('sends the first state at once, and of those that wait behind it only the newest', async () => {
    const { attributes, clock, sent } = build(() => LOST);
    void attributes.publishState('initializing');
    void attributes.publishState('listening');
    expect(sent).toEqual(['initializing']);
    await clock.advance(1000);
    expect(sent).toEqual(['initializing', 'listening']);
    void attributes.publishState('thinking');
    void attributes.publishState('speaking');
    void attributes.publishState('listening');
    void attributes.publishState('speaking');
    await clock.advance(1000);
    expect(sent).toEqual(['initializing', 'listening', 'thinking', 'speaking']);
  });

  it('takes the news of the change for an answer that is lost', async () => {
    const { attributes, clock, sent, sentAt } = build((own, value) => {
      clock.setTimer(1, () => own.changed(state('something older')));
      clock.setTimer(6, () => own.changed({ ...state(value), 'lk.agent_name': 'x' }));
      return LOST;
    });
    void attributes.publishState('listening');
    void attributes.publishState('thinking');
    await clock.advance(20);
    expect(sent).toEqual(['listening', 'thinking']);
    expect(sentAt).toEqual([0, 6]);
    expect(clock.pending).toBe(0);
  });

  it('goes on after 300 ms without any answer', async () => {
    const { attributes, clock, sentAt } = build(() => LOST);
    void attributes.publishState('listening');
    const second = attributes.publishState('thinking');
    await clock.advance(600);
    await second;
    expect(sentAt).toEqual([0, 300]);
    expect(clock.pending).toBe(0);
  });

  it('is not disturbed by an answer that comes after it was given up on', async () => {
    const { attributes, clock, sentAt } = build((_own, value) =>
      value === 'listening'
        ? new Promise((_resolve, reject) => clock.setTimer(400, () => reject(new Error('no answer'))))
        : LOST,
    );
    void attributes.publishState('listening');
    void attributes.publishState('thinking');
    await clock.advance(350);
    void attributes.publishState('speaking');
    await clock.advance(1000);
    expect(sentAt).toEqual([0, 300, 600]);
  });

  it('corrects a change that was given up on and overtook a newer one', async () => {
    const { attributes, clock, sent } = build();
    await attributes.publishState('thinking');
    await attributes.publishState('listening');
    attributes.changed(state('listening'));
    attributes.changed(state('thinking'));
    await clock.advance(0);
    expect(sent).toEqual(['thinking', 'listening', 'listening']);
  });

  it('goes on after a change that failed', async () => {
    const { attributes, sent } = build(() => Promise.reject(new Error('not connected')));
    await attributes.publishState('listening');
    await attributes.publishState('thinking');
    expect(sent).toEqual(['listening', 'thinking']);
  });
});

describe('OwnAttributes, when a person arrives', () => {
  it.each([
    ['listening', 'thinking'],
    ['speaking', 'thinking'],
    ['thinking', 'listening'],
  ] as const)('%s becomes %s for a moment, a second later', async (current, other) => {
    const { attributes, clock, sent, sentAt } = build();
    await attributes.publishState(current);
    attributes.personArrived();
    await clock.advance(999);
    expect(sent).toEqual([current]);
    await clock.advance(10_000);
    expect(sent).toEqual([current, other, current]);
    expect(sentAt).toEqual([0, 1000, 1000]);
    expect(clock.pending).toBe(0);
  });

  it('ends with the newest state, though it changes on the way and answers are lost', async () => {
    const { attributes, clock, sent } = build(() => LOST);
    void attributes.publishState('listening');
    attributes.personArrived();
    await clock.advance(1100);
    expect(sent).toEqual(['listening', 'thinking']);
    void attributes.publishState('thinking');
    void attributes.publishState('speaking');
    await clock.advance(10_000);
    expect(sent).toEqual(['listening', 'thinking', 'speaking']);
  });

  it('makes its change even while another one is on its way', async () => {
    const { attributes, clock, sent } = build(() => LOST);
    attributes.personArrived();
    await clock.advance(900);
    void attributes.publishState('listening');
    void attributes.publishState('speaking');
    await clock.advance(10_000);
    expect(sent).toEqual(['listening', 'thinking', 'speaking']);
  });

  it('changes nothing before there is a state that front ends count as connected', async () => {
    const { attributes, clock, sent } = build();
    attributes.personArrived();
    await clock.advance(2000);
    expect(sent).toEqual([]);
    await attributes.publishState('initializing');
    attributes.personArrived();
    await clock.advance(2000);
    expect(sent).toEqual(['initializing']);
  });

  it('waits for the last of several', async () => {
    const { attributes, clock, sentAt } = build();
    await attributes.publishState('listening');
    attributes.personArrived();
    await clock.advance(800);
    attributes.personArrived();
    await clock.advance(5000);
    expect(sentAt).toEqual([0, 1800, 1800]);
  });

  it('leaves nothing behind when we leave', async () => {
    const { attributes, clock, sent } = build(() => LOST);
    const published = attributes.publishState('listening');
    void attributes.publishState('thinking');
    attributes.personArrived();
    attributes.close();
    await published;
    expect(clock.pending).toBe(0);
    attributes.personArrived();
    await attributes.publishState('speaking');
    await clock.advance(5000);
    expect(sent).toEqual(['listening']);
    expect(clock.pending).toBe(0);
  });
});
