import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLiveKitServer } from '../../src/livekit-server/findLiveKitServer.ts';
import { freeTcpPort, freeUdpPort } from '../../src/livekit-server/freePort.ts';

export interface TestLiveKitServer {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  stop(): Promise<void>;
}

const CURE =
  'LiveKit tests skipped: no livekit-server. Run `npm run livekit` (needs Go), or set LIVEKIT_SERVER_BIN.';

/** Path of a livekit-server binary, or undefined after printing how to get one. */
export async function findTestServer(): Promise<string | undefined> {
  const found = await findLiveKitServer(process.env);
  if (found === undefined) console.warn(CURE);
  return found;
}

/** A livekit-server on loopback and free ports that reaches for nothing outside the machine. */
export async function startTestServer(binary: string): Promise<TestLiveKitServer> {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-livekit-'));
  const apiKey = 'testkey';
  const apiSecret = 'test-secret-of-more-than-thirty-two-characters';
  // The ports are probed, then released: another process may take one in between, so a failed start is retried.
  for (let attempt = 1; ; attempt++) {
    const port = await freeTcpPort(0);
    const config = join(folder, `config-${attempt}.yaml`);
    await writeFile(config, configText(port, await freeUdpPort(0), apiKey, apiSecret));
    const child = spawn(binary, ['--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    const output = collect(child);
    if (await becameHealthy(port, child)) {
      return {
        url: `ws://127.0.0.1:${port}`,
        apiKey,
        apiSecret,
        async stop() {
          await stopChild(child);
          await rm(folder, { recursive: true, force: true });
        },
      };
    }
    await stopChild(child);
    if (attempt === 3) {
      await rm(folder, { recursive: true, force: true });
      throw new Error(`livekit-server did not become ready:\n${output().slice(-2000)}`);
    }
  }
}

function configText(port: number, udpPort: number, key: string, secret: string): string {
  return `port: ${port}
bind_addresses: ["127.0.0.1"]
rtc:
  udp_port: ${udpPort}
  tcp_port: 0
  use_external_ip: false
  node_ip: 127.0.0.1
  enable_loopback_candidate: true
  ips: { includes: ["127.0.0.1/32"] }
  stun_servers: ["127.0.0.1:9"]
turn: { enabled: false }
keys: { ${key}: "${secret}" }
room: { empty_timeout: 20, departure_timeout: 20 }
logging: { level: info }
`;
}

async function becameHealthy(port: number, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const ok = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk) => {
    text = (text + String(chunk)).slice(-20_000);
  });
  return () => text;
}

/** A first SIGTERM only drains; the second forces the exit. */
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 2000);
  await exited;
  clearTimeout(force);
}
