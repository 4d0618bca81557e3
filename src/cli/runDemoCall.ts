import { join, relative } from 'node:path';
import Table from 'cli-table3';
import pc from 'picocolors';
import { agentIdentity, type Venue } from '../app/venue.ts';
import { INPUT_RATE } from '../audio/format.ts';
import { writeWav } from '../audio/wav.ts';
import { Caller } from '../caller/caller.ts';
import { type DemoCallResult, demoCall } from '../caller/demoCall.ts';
import { fixture } from '../caller/fixture.ts';
import type { SessionObserver } from '../session/sessionObserver.ts';
import { ConversationView } from './conversationView.ts';
import type { AgentProcess } from './process.ts';
import { recordCall } from './recordCall.ts';

const ROOM = 'demo';
/** Longest wait for a real batch service, ms. */
const TASK_TIMEOUT_MS = 30 * 60_000;

/**
 * Places one call to the agent, shows it, and prints what it measured. Rejects when the call did not go as it must; `stop`
 * hangs up.
 */
export async function runDemoCall(running: AgentProcess, venue: Venue, stop: AbortSignal): Promise<void> {
  const { agent, clock, log, recogniser, standIns } = running;
  const write = (line: string) => process.stdout.write(`${line}\n`);
  write(
    `\n${pc.bold('A demo call')}, held in ${venue.description}. The caller is simulated; the audio is real.\n`,
  );
  await recogniser.warm();

  const room = await venue.join({
    room: ROOM,
    identity: `caller-${Math.random().toString(36).slice(2, 8)}`,
    name: 'Demo caller',
    kind: 'person',
    outputRate: INPUT_RATE,
  });
  const view = new ConversationView({ room, clock, write });
  const caller = new Caller({ room, clock, recogniser });
  stop.addEventListener('abort', () => void caller.hangUp(), { once: true });
  const notices = new NoticeTimes();
  const agentRoom = await venue.join({
    room: ROOM,
    identity: agentIdentity(),
    name: running.config.agent.name,
    kind: 'agent',
  });
  const recorder = await recordCall(running, 'demo-call');
  const session = await agent.serve(agentRoom, [notices, recorder]);
  try {
    const result = await demoCall({
      caller,
      clock,
      sentence: fixture,
      taskTimeoutMs: TASK_TIMEOUT_MS,
      onSay: (text) => view.said(text),
      ...(standIns.finishTasks === undefined ? {} : { finishTask: standIns.finishTasks }),
    });
    await caller.hangUp();
    await session.ended;
    write(`\n${tableOf(result, notices.firstMs)}`);
    write(`The caller heard the notice as: ${pc.italic(`"${result.announcement}"`)}`);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    const path = join(running.config.files.recordings, 'demo-call.wav');
    await writeWav(path, caller.recording(), INPUT_RATE);
    write(`Recording (caller left, agent right): ${relative(process.cwd(), path)}`);
    write('What was decided, event by event: demo-call.ndjson beside it (voice-agent replay)\n');
    await caller.hangUp();
    await session.hangUp();
    await recorder.close();
  }
  log.debug('demo call over');
}

/** From "the batch is known to be finished" to the first frame of its notice, on the agent's side. */
class NoticeTimes implements SessionObserver {
  #finishedAt: number | undefined;
  #utteranceId: string | undefined;
  firstMs: number | undefined;

  event(event: Parameters<SessionObserver['event']>[0]): void {
    if (event.type === 'task.finished') this.#finishedAt ??= event.at;
    if (event.type === 'speech.started' && event.utteranceId === this.#utteranceId) {
      this.firstMs ??= event.at - (this.#finishedAt ?? event.at);
    }
  }

  command(command: Parameters<SessionObserver['command']>[0]): void {
    // The first utterance begun after the task finished is its notice.
    if (command.type === 'speech.begin' && this.#finishedAt !== undefined) {
      this.#utteranceId ??= command.utteranceId;
    }
  }
}

function tableOf(result: DemoCallResult, announcementMs: number | undefined): string {
  const table = new Table({ head: ['measured as the caller hears it', 'ms'], colAligns: ['left', 'right'] });
  for (const { said, ms } of result.responses) table.push([`response to "${said}"`, Math.round(ms)]);
  table.push(['interruption → silence', Math.round(result.interruptionMs)]);
  table.push([
    'completion → first audio of the announcement',
    announcementMs === undefined ? '–' : Math.round(announcementMs),
  ]);
  return table.toString();
}
