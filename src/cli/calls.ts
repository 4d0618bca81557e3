import { agentIdentity, type Venue } from '../app/venue.ts';
import type { Session, SessionEnd, SessionObserver } from '../session/session.ts';
import { conversationLog } from './conversationLog.ts';
import type { AgentProcess } from './process.ts';
import { recordCall } from './recordCall.ts';

/** The calls of this process. */
export class Calls {
  readonly #running: AgentProcess;
  readonly #venue: Venue;
  readonly #sessions = new Set<Session>();

  constructor(running: AgentProcess, venue: Venue) {
    this.#running = running;
    this.#venue = venue;
  }

  /** Joins a room as the agent; resolves when the call is over. Rejects when it could not begin. */
  async hold(roomName: string, signal?: AbortSignal): Promise<SessionEnd> {
    const { agent, config, log } = this.#running;
    const room = await this.#venue.join({
      room: roomName,
      identity: agentIdentity(),
      name: config.agent.name,
      kind: 'agent',
      ...(signal === undefined ? {} : { signal }),
    });
    log.info(`joined room ${roomName}`);
    const observers: SessionObserver[] = [conversationLog(log.child({ room: roomName }))];
    const recorder = config.files.recordCalls
      ? await recordCall(this.#running, `${new Date().toISOString().replaceAll(':', '-')}-${roomName}`)
      : undefined;
    if (recorder) observers.push(recorder);
    const session = await agent.serve(room, observers);
    this.#sessions.add(session);
    const end = await session.ended;
    this.#sessions.delete(session);
    await recorder?.close();
    log.info(`left room ${roomName}: ${end.why === 'closed' ? end.reason : end.why}`);
    return end;
  }

  async hangUpAll(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.hangUp()));
  }
}
