import { loadavg } from 'node:os';
import { readEnvironment } from '../../src/config/environment.ts';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { sleep } from '../../src/time/sleep.ts';
import { systemClock as clock } from '../../src/time/systemClock.ts';
import { percentile } from '../summary.ts';
import { NO_SERVER } from './capacity.ts';
import { openRig, type Rig } from './rig.ts';
import { RoomWatch } from './roomWatch.ts';

const WORKERS = 2;
/** Calls on the worker that is not killed. */
const OTHERS = 2;
/** Longest time for a call to be up, or up again, ms. */
const UP_MS = 60_000;
/** Greetings are over then, ms. */
const SETTLE_MS = 6_000;
/** Calls that still run after so long are handed over by a restart, ms. */
const DRAIN_MS = 1_000;
/** An agent that nobody holds any more would be seen leaving within this time, ms. */
const AFTERMATH_MS = 4_000;

const ABOUT = `
Two call workers as \`start\` runs them, on all cores, with the callers, a livekit-server and the vendors' stand-ins beside
them. All calls but two are on one worker, and that one is killed with SIGKILL; then every worker is replaced, as SIGHUP
does, and hands its calls over. Times are those of the callers: until the new agent is in the room, and until its apology
is heard.
`;

/** `npm run bench -- crash-worker`; resolves with whether no call was dropped and none hit that should not be. */
export async function crashWorker({ calls }: { readonly calls: number }): Promise<boolean> {
  const bin = await findLiveKitServer(readEnvironment());
  if (bin === undefined) {
    print(NO_SERVER);
    return false;
  }
  print(ABOUT);
  const rig = await openRig({ bin, workers: WORKERS });
  try {
    const watch = new RoomWatch(rig.callers);
    const rooms = await placeAll(rig, watch, calls);
    await sleep(clock, SETTLE_MS);
    const killed = await kill(rig, watch, rooms);
    await sleep(clock, SETTLE_MS);
    const restarted = await restart(rig, watch, rooms);
    return killed && restarted;
  } finally {
    await rig.close();
  }
}

/** So many calls on one worker, while the other is kept down, and a few on the other. */
async function placeAll(rig: Rig, watch: RoomWatch, calls: number): Promise<string[]> {
  const { supervisor, callers } = rig;
  const rooms = Array.from({ length: calls + OTHERS }, (_, i) => `call-${i}`);
  const [full] = supervisor.workers;
  for (const [i, room] of rooms.entries()) {
    callers.send({ type: 'join', room });
    await callers.next('joined');
    if (i < calls) await endAllBut(supervisor, full?.pid);
    else await areReady(supervisor);
    // One that is just starting is not given calls while another one has room.
    if (i === calls) await sleep(clock, SETTLE_MS);
    await placeSoon(supervisor, room);
  }
  await watch.until(() => rooms.every((room) => watch.seen(room)[0]?.heardAt !== undefined), UP_MS);
  return rooms;
}

async function endAllBut(supervisor: Rig['supervisor'], pid: number | undefined): Promise<void> {
  const others = () => supervisor.workers.filter((worker) => worker.pid !== pid);
  for (const { pid: other } of others()) if (other !== undefined) process.kill(other, 'SIGKILL');
  while (others().some(({ status }) => status === 'ready')) await sleep(clock, 20);
}

async function areReady(supervisor: Rig['supervisor']): Promise<void> {
  while (supervisor.workers.filter(({ status }) => status === 'ready').length < WORKERS)
    await sleep(clock, 50);
}

/** A worker that is busy with the call before takes none for a moment. */
async function placeSoon(supervisor: Rig['supervisor'], room: string): Promise<void> {
  const signal = AbortSignal.timeout(UP_MS);
  for (;;) {
    try {
      await supervisor.place({ room, source: 'cli', requestedAt: Date.now() }, signal);
      return;
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
}

async function kill(rig: Rig, watch: RoomWatch, rooms: readonly string[]): Promise<boolean> {
  const before = agentsOf(watch, rooms);
  const victim = rig.supervisor.workers.toSorted((a, b) => b.calls - a.calls)[0];
  if (victim?.pid === undefined) return false;
  const at = Date.now();
  process.kill(victim.pid, 'SIGKILL');
  const again = () => rooms.filter((room) => watch.seen(room).length > (before.get(room) ?? 0));
  const complete = await watch.until(
    () => again().length >= victim.calls && again().every((room) => isHeard(watch, room)),
    UP_MS,
  );
  await sleep(clock, AFTERMATH_MS);
  const untouched = rooms.length - again().length;
  const expected = rooms.length - victim.calls;
  const times = (of: 'joinedAt' | 'heardAt') =>
    again().map((room) => (watch.seen(room).at(-1)?.[of] ?? Number.NaN) - at);
  print(
    `kill -9 of a worker with ${victim.calls} calls: ${again().length} up again; new agent in the room ${pair(times('joinedAt'))}, ` +
      `heard ${pair(times('heardAt'))} after the kill; ${untouched} of ${expected} other calls untouched; load average ${load()}`,
  );
  return complete && untouched === expected;
}

async function restart({ supervisor }: Rig, watch: RoomWatch, rooms: readonly string[]): Promise<boolean> {
  const before = agentsOf(watch, rooms);
  const old = new Set(supervisor.workers.map(({ pid }) => pid));
  await supervisor.restart(DRAIN_MS);
  const moves = (room: string) => watch.seen(room).length - (before.get(room) ?? 0);
  const complete = await watch.until(
    () =>
      supervisor.workers.every(({ pid }) => !old.has(pid)) &&
      rooms.every((room) => moves(room) > 0 && isHeard(watch, room)),
    UP_MS,
  );
  const held = supervisor.workers.reduce((sum, worker) => sum + worker.calls, 0);
  const gaps = rooms.flatMap((room) => watch.seen(room).at(-1)?.gapMs ?? []);
  print(
    `rolling restart with ${rooms.length} calls: ${rooms.length - held} dropped; moved ${Math.max(...rooms.map(moves))} times at most; ` +
      `without an agent for ${pair(gaps)}; load average ${load()}`,
  );
  return complete && held === rooms.length;
}

/** p50 and the largest. */
function pair(values: readonly number[]): string {
  if (values.length === 0) return 'never';
  return `${Math.round(percentile(values, 50))} ms (p50), ${Math.round(Math.max(...values))} ms (max)`;
}

const load = () => (loadavg()[0] ?? 0).toFixed(1);

function agentsOf(watch: RoomWatch, rooms: readonly string[]): ReadonlyMap<string, number> {
  return new Map(rooms.map((room) => [room, watch.seen(room).length]));
}

function isHeard(watch: RoomWatch, room: string): boolean {
  return watch.seen(room).at(-1)?.heardAt !== undefined;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
