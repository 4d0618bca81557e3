import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { redactFields } from './redactFields.ts';
import { createRedactor, type Redactor } from './redactor.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** What the program says to whoever runs it. Never throws; secrets are taken out of everything it is given. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Give the error itself as a field (`{ error }`): code, message and causes are written. */
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Values to take out wherever they turn up, beside everything that looks like a key or a token. */
  readonly secrets?: readonly string[];
  /** Default: whether the destination is a terminal. Otherwise one JSON object a line. */
  readonly pretty?: boolean;
  /** Default: standard output. */
  readonly destination?: NodeJS.WritableStream;
}

/** Names that pino writes itself; a field must not overwrite them. */
const TAKEN = ['level', 'time', 'msg'] as const;

export function createLogger(options: LogOptions): Logger {
  const destination = options.destination ?? process.stdout;
  const terminal = 'isTTY' in destination && destination.isTTY === true;
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const stream: DestinationStream =
    (options.pretty ?? terminal)
      ? PinoPretty({
          destination,
          colorize: terminal,
          translateTime: 'SYS:HH:MM:ss.l',
          singleLine: true,
          errorLikeObjectKeys: [],
        })
      : destination;
  return wrap(pino(settings, stream), createRedactor(options.secrets));
}

function wrap(sink: PinoLogger, redact: Redactor): Logger {
  const write = (level: LogLevel, message: string, fields: LogFields | undefined) => {
    if (!sink.isLevelEnabled(level)) return;
    sink[level](fields ? clean(fields, redact) : {}, redact(message));
  };
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    child: (fields) => wrap(sink.child(clean(fields, redact)), redact),
  };
}

function clean(fields: LogFields, redact: Redactor): Record<string, unknown> {
  const result = redactFields(fields, redact);
  for (const name of TAKEN) {
    if (!(name in result)) continue;
    result[`${name}_`] = result[name];
    delete result[name];
  }
  return result;
}
