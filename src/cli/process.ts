import { type Agent, createAgent } from '../app/agent.ts';
import type { Config } from '../config/config.ts';
import { describeConfig } from '../config/describeConfig.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { KeyFlags, Mode } from '../config/mode.ts';
import { secretsOf } from '../config/secretsOf.ts';
import { createMoonshine } from '../perception/moonshine.ts';
import type { Recogniser } from '../perception/recogniser.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import { systemClock } from '../time/systemClock.ts';
import { EXIT } from './exitCode.ts';
import { watchFaults } from './faults.ts';
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

export interface ProcessOptions extends KeyFlags {
  /** `--tools`, in place of `TOOLS`. */
  readonly tools?: readonly string[] | undefined;
  /** `--workers`. */
  readonly workers?: number;
  /** This process holds calls for a supervisor, which has said already what is used. */
  readonly isWorker?: boolean;
  /** Nobody's fault left this process in an unknown state. Default: it ends at once. */
  readonly onBroken?: (error: unknown) => void;
}

function withTools(env: Environment, tools: readonly string[] | undefined): Environment {
  return tools === undefined ? env : { ...env, TOOLS: tools.join(',') };
}

export async function startProcess(mode: Mode, options: ProcessOptions = {}): Promise<AgentProcess> {
  const env = withTools(readEnvironment(), options.tools);
  const loaded = loadConfig(env, { ...options, mode });
  const workers = options.isWorker ? 0 : (options.workers ?? loaded.calls.workers);
  const configured = { ...loaded, calls: { ...loaded.calls, workers } };
  const clock = systemClock;
  const root = createLogger({ level: configured.logLevel, secrets: secretsOf(configured) });
  const log = options.isWorker ? root.child({ worker: process.pid }) : root;
  watchFaults(log, options.onBroken ?? (() => process.exit(EXIT.failed)));
  if (!options.isWorker) for (const line of describeConfig(configured)) log.info(line);
  const recogniser = createMoonshine();
  // Ready before the first interruption; without it length and the vendor's words decide.
  const hearsHere = workers === 0 || configured.offline.elevenLabs;
  if (hearsHere) recogniser.warm().catch((error: unknown) => log.warn('no local recogniser', { error }));
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
