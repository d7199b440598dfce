import type { Config } from '../config.js';
import { CommandRefused } from './api-errors.js';

/** Where the API is: what was given (`--api` or MERIDIAN_API), otherwise where the configuration lets it listen. */
export function apiAddress(given: string | undefined, config: () => Pick<Config, 'host' | 'port'>): string {
  if (!given) return listeningAddress(config());
  const protocol = URL.canParse(given) ? new URL(given).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return given;
  throw new CommandRefused(`${JSON.stringify(given)} is not the address of an API: give --api or MERIDIAN_API as http://127.0.0.1:3000`);
}

function listeningAddress({ host, port }: Pick<Config, 'host' | 'port'>): string {
  // Who listens on every address is reached on this one.
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
