import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { freeTcpPort } from '../../src/livekit-server/freePort.ts';

export interface TestRedis {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  stop(): Promise<void>;
}

const CURE = 'Redis tests skipped: no redis-server. Install it (Debian: apt install redis-server).';

/** Whether there is a redis-server; says how to get one when there is none. */
export function hasRedis(): boolean {
  const { error, status } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' });
  if (error === undefined && status === 0) return true;
  console.warn(CURE);
  return false;
}

/** A redis-server on loopback that keeps nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  // The port is probed, then released: another process may take it in between.
  for (let attempt = 1; ; attempt++) {
    const port = await freeTcpPort(0);
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', options, { stdio: 'ignore' });
    if (await answers(port, child)) {
      return { url: `redis://127.0.0.1:${port}`, stop: () => end(child) };
    }
    await end(child);
    if (attempt === 3) throw new Error('redis-server did not become ready');
  }
}

async function answers(port: number, child: ChildProcess): Promise<boolean> {
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: 100 });
  redis.on('error', () => {});
  const gone = new Promise<boolean>((resolve) => child.once('exit', () => resolve(false)));
  const up = redis.ping().then(
    () => child.exitCode === null,
    () => false,
  );
  return Promise.race([up, gone]).finally(() => redis.disconnect());
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
