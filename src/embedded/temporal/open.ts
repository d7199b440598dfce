import { Connection } from '@temporalio/client';
import type { Config } from '../../config.js';
import { temporalSettings, type TemporalSettings } from '../../temporal.js';
import { SetupFailure } from '../setup-failure.js';
import type { Teller } from '../teller.js';
import { openEmbeddedServer, serverLog } from './embedded.js';
import { keepHistories } from './retention.js';
import { registerSearchAttributes } from './search-attributes.js';

export interface OpenTemporal {
  /** Resolves when a server that this process answers for has ended; never for somebody else's. */
  ended: Promise<void>;
  /** Stops the server if it is ours. */
  stop(): Promise<void>;
  /** Where its log is. */
  log: string;
}

/** The Temporal server of TEMPORAL_ADDRESS, or one of our own, with Meridian's search attributes. Throws `SetupFailure`. */
export async function openTemporal(config: Config, env: NodeJS.ProcessEnv, tell: Teller, signal: AbortSignal): Promise<OpenTemporal> {
  const opened = config.temporal.address === undefined ? await openOwn(config, env, tell, signal) : openForeign(config.temporal.address, tell);
  try {
    await prepare(temporalSettings(config), config.temporal.address === undefined);
    return opened;
  } catch (error) {
    await opened.stop();
    throw error;
  }
}

async function openOwn({ home, temporal: { port, uiPort, namespace } }: Config, env: NodeJS.ProcessEnv, tell: Teller, signal: AbortSignal): Promise<OpenTemporal> {
  const server = await openEmbeddedServer({ home, port, uiPort, namespace }, env, tell, signal);
  return { ended: server.ended, stop: () => server.stop(), log: serverLog(home) };
}

function openForeign(address: string, tell: Teller): OpenTemporal {
  tell.say(`Using the Temporal server at ${address} (TEMPORAL_ADDRESS); starting none.`);
  return { ended: new Promise(() => {}), stop: () => Promise.resolve(), log: address };
}

async function prepare({ connection: options, namespace }: TemporalSettings, isOurs: boolean): Promise<void> {
  const connection = await Connection.connect(options).catch((error: unknown) => {
    throw new SetupFailure(`The Temporal server at ${options.address} cannot be reached: ${(error as Error).message}`, { cause: error });
  });
  try {
    await registerSearchAttributes(connection, namespace);
    if (isOurs) await keepHistories(connection, namespace);
  } finally {
    await connection.close();
  }
}
