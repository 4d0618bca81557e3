import { type Agent, createAgent } from '../app/agent.ts';
import type { Config } from '../config/config.ts';
import { describeConfig } from '../config/describeConfig.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { Mode } from '../config/mode.ts';
import { secretsOf } from '../config/secretsOf.ts';
import { createMoonshine } from '../perception/moonshine.ts';
import type { Recogniser } from '../perception/recogniser.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { systemClock } from '../time/systemClock.ts';
import { type StandIns, startStandIns } from './standIns.ts';

/** What every command that holds calls has: settings, logs, stand-ins where keys are missing, the agent. */
export interface AgentProcess {
  readonly env: Environment;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recogniser: Recogniser;
  readonly standIns: StandIns;
  readonly agent: Agent;
  close(): Promise<void>;
}

export async function startProcess(mode: Mode, options: { offline?: boolean } = {}): Promise<AgentProcess> {
  const env = readEnvironment();
  const configured = loadConfig(env, { mode, offline: options.offline ?? false });
  const clock = systemClock;
  const log = createLogger({ level: configured.logLevel, secrets: secretsOf(configured) });
  // rtc-node turns a fault in one room's event into an unhandled rejection, which must not end every call.
  process.on('unhandledRejection', (error) => log.error('an unexpected fault; calls go on', { error }));
  for (const line of describeConfig(configured)) log.info(line);
  const recogniser = createMoonshine();
  // Ready before the first interruption; without it length and the vendor's words decide.
  recogniser.warm().catch((error: unknown) => log.warn('no local recogniser', { error }));
  const standIns = await startStandIns(configured, { recogniser });
  const agent = await createAgent(standIns.config, { clock, log, recogniser });
  return {
    env,
    config: standIns.config,
    clock,
    log,
    recogniser,
    standIns,
    agent,
    async close() {
      await agent.close();
      await standIns.close();
      await recogniser.close();
    },
  };
}
