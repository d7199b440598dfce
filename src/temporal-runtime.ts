import { DefaultLogger, Runtime, type LogLevel } from '@temporalio/worker';
import { pino, type Logger } from 'pino';
import type { Config } from './config.js';

let installed: Logger | undefined;

/**
 * Installs Temporal's runtime of this process, once: it logs through pino and leaves SIGINT and SIGTERM to us, because the
 * API, the worker and the embedded stack end in an order. `destination` is standard error or a file. Gives back the logger.
 */
export function installRuntime(config: Pick<Config, 'logLevel'>, destination: number | string = 2): Logger {
  if (installed) return installed;
  const logger = pino({ level: config.logLevel, base: null }, pino.destination(destination));
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => logger[pinoLevel[level]](meta ?? {}, message)),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } } },
  });
  installed = logger;
  return logger;
}

const pinoLevel = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<LogLevel, string>;
