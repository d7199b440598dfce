import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import type { Config } from './config.js';

export interface TemporalSettings {
  connection: ClientConnectConfig['connectionOptions'];
  namespace: string;
}

/**
 * How to reach Temporal: the embedded server, or with TEMPORAL_ADDRESS what the environment and the profile file say
 * (address, mTLS, API key; the names of `@temporalio/envconfig`).
 */
export function temporalSettings(config: Config): TemporalSettings {
  if (config.temporal.address === undefined) {
    return { connection: { address: `127.0.0.1:${config.temporal.port}` }, namespace: config.temporal.namespace };
  }
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connection: connectionOptions, namespace: namespace ?? config.temporal.namespace };
}
