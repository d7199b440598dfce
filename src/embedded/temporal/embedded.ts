import path from 'node:path';
import type { Teller } from '../teller.js';
import { getTemporalBinary, temporalSources } from './binary.js';
import type { ServerSettings } from './command-line.js';
import { endServer, findServers, type FoundServer } from './orphan.js';
import { adoptServer, startServer, type TemporalServer } from './server.js';

export interface EmbeddedSettings {
  home: string;
  port: number;
  uiPort: number;
  namespace: string;
}

/** The file of the store: all that Meridian knows, when it runs its own server. */
export const storeOf = (home: string): string => path.join(home, 'temporal', 'store.db');

export const serverLog = (home: string): string => path.join(home, 'temporal', 'server.log');

/**
 * A Temporal server on the store under `home`. One that a killed start left behind is taken over when it stands on the same ports and
 * serves, and ended otherwise. Throws `SetupFailure`.
 */
export async function openEmbeddedServer(embedded: EmbeddedSettings, env: NodeJS.ProcessEnv, tell: Teller, signal: AbortSignal): Promise<TemporalServer> {
  const settings = { ip: '127.0.0.1', port: embedded.port, uiPort: embedded.uiPort, namespace: embedded.namespace, store: storeOf(embedded.home) };
  for (const orphan of await findServers(settings.store)) {
    const adopted = await tryToAdopt(orphan, settings, tell, signal);
    if (adopted !== undefined) return adopted;
  }
  const binary = await getTemporalBinary(temporalSources(embedded.home, env), tell, signal);
  tell.say('Starting the Temporal server: a second or two.');
  return await startServer(binary, settings, serverLog(embedded.home), signal);
}

async function tryToAdopt(
  orphan: FoundServer, settings: ServerSettings & { store: string }, tell: Teller, signal: AbortSignal,
): Promise<TemporalServer | undefined> {
  if (orphan.port === settings.port && orphan.uiPort === settings.uiPort) {
    try {
      const server = await adoptServer(orphan.pid, settings, signal);
      tell.say(`Took over the Temporal server that an earlier start left behind (process ${orphan.pid}).`);
      return server;
    } catch (error) {
      signal.throwIfAborted();
      tell.say(`The Temporal server that an earlier start left behind does not answer: ${(error as Error).message}`);
    }
  }
  await endServer(orphan.pid, settings.store);
  tell.say(`Ended the Temporal server that an earlier start left behind (process ${orphan.pid}).`);
  return undefined;
}
