import type { Command } from '../../src/conversation/command.ts';
import type { ConversationEvent } from '../../src/conversation/event.ts';
import { type ConversationOptions, defaultConversationOptions } from '../../src/conversation/options.ts';
import { initialState } from '../../src/conversation/state.ts';
import { step } from '../../src/conversation/step.ts';

/** Feeds events to the core and keeps what it commanded. */
export function drive(options: Partial<ConversationOptions> = {}) {
  const settings = { ...defaultConversationOptions, ...options };
  let state = initialState;
  let at = 0;
  const looks: string[] = [];
  const send = (event: ConversationEvent, ms = 0): readonly Command[] => {
    at += ms;
    const [next, commands] = step(state, { ...event, at }, settings);
    state = next;
    for (const command of commands) if (command.type === 'ears.look') looks.push(command.lookId);
    return commands;
  };
  const core = {
    send,
    get state() {
      return state;
    },
    /** A person joins and hears the greeting out. */
    greet() {
      send({ type: 'call.joined' });
      core.plays('line-1');
      core.playedOut('line-1', settings.greeting);
    },
    /** The user says something and falls silent until the turn is over. */
    says(text: string): readonly Command[] {
      core.speaks();
      const commitId = core.pauses(1_000);
      const commands = send({ type: 'stt.committed', commitId, text }, 280);
      return state.turn.status === 'listening'
        ? commands
        : [...commands, ...send({ type: 'timer', name: 'turn.endpoint' }, 2_000)];
    },
    /** The user begins to speak; the detector knows after 100 ms. */
    speaks(): readonly Command[] {
      return send({ type: 'user.speechStarted', onsetAgoMs: 100 }, 100);
    },
    /** The user falls silent after so long; what is returned names the commit of what was said. */
    pauses(ms: number): string {
      const commit = find(send({ type: 'user.speechEnded', silenceMs: 200 }, ms), 'stt.commit');
      if (!commit) throw new Error('no commit');
      return commit.commitId;
    },
    /** The local recogniser answers the last look. */
    hears(text: string | undefined, ms: number): readonly Command[] {
      const look = looks.at(-1);
      if (look === undefined) throw new Error('nobody asked');
      return send({ type: 'user.heard', lookId: look, text, ms }, 50);
    },
    plays(utteranceId: string) {
      return send({ type: 'speech.started', utteranceId }, 50);
    },
    playedOut(utteranceId: string, heard: string) {
      return send({ type: 'speech.ended', utteranceId, heard, outcome: 'complete' }, 1_000);
    },
    wasCut(utteranceId: string, heard: string) {
      return send({ type: 'speech.ended', utteranceId, heard, outcome: 'cut' }, 10);
    },
    /** The model answers in one go. */
    replies(replyId: string, text: string) {
      return [
        ...send({ type: 'llm.text', replyId, text }, 300),
        ...send({ type: 'llm.ended', replyId, reason: 'end', toolUses: [] }, 100),
      ];
    },
  };
  return core;
}

export const types = (commands: readonly Command[]): string[] => commands.map(({ type }) => type);

export function find<T extends Command['type']>(
  commands: readonly Command[],
  type: T,
): Extract<Command, { type: T }> | undefined {
  return commands.find((command): command is Extract<Command, { type: T }> => command.type === type);
}
