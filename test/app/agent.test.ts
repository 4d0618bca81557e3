import { createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createAgent } from '../../src/app/agent.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { silentLogger } from '../../src/telemetry/silentLogger.ts';
import { systemClock } from '../../src/time/systemClock.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A Redis that is up and refuses every command but the greeting of its clients. */
async function refusingRedis(): Promise<{ url: string; open: ReadonlySet<Socket> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const commands = data.toString().split(/^\*\d+\r\n/m);
      for (const command of commands.slice(1)) {
        socket.write(/info/i.test(command) ? '$14\r\nredis_mode:1\r\n\r\n' : '-ERR out of order\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return { url: `redis://127.0.0.1:${address.port}`, open };
}

it('an agent whose tasks cannot be started leaves no connection open', async () => {
  const redis = await refusingRedis();
  const keys = { ANTHROPIC_API_KEY: 'a', ELEVENLABS_API_KEY: 'b', DOUBLEWORD_API_KEY: 'c' };
  const config = loadConfig({ ...keys, REDIS_URL: redis.url }, { mode: 'start' });
  const recogniser = { warm: async () => {}, transcribe: async () => undefined, close: async () => {} };
  const creating = createAgent(config, { clock: systemClock, log: silentLogger, recogniser });
  await expect(creating).rejects.toMatchObject({ code: 'VA_STORE' });
  await expect.poll(() => redis.open.size, { timeout: 10_000 }).toBe(0);
});
