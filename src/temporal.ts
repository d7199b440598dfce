import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { Config } from './config.js';

export interface TemporalSettings {
  connection: ClientConnectConfig['connectionOptions'];
  /** The same for a worker, which talks to the server all the time. */
  native: NativeConnectionOptions;
  namespace: string;
}

/** To a server on this machine it costs more than it saves: a seventh of what a worker that watches many soaks does. */
const unpacked = { grpcCompression: { codec: 'none' } } as const;

/**
 * How to reach Temporal: the embedded server, or with TEMPORAL_ADDRESS what the environment and the profile file say
 * (address, mTLS, API key; the names of `@temporalio/envconfig`).
 */
export function temporalSettings(config: Config): TemporalSettings {
  if (config.temporal.address === undefined) {
    const connection = { address: `127.0.0.1:${config.temporal.port}` };
    return { connection, native: { ...connection, ...unpacked }, namespace: config.temporal.namespace };
  }
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connection: connectionOptions, native: connectionOptions, namespace: namespace ?? config.temporal.namespace };
}
