import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { pino, type Logger } from 'pino';
import type { Config } from './config.js';
import { demandToken, trustLocalUser } from './http/actors.js';
import { createApp } from './http/app.js';
import { answerBrokenRequests } from './http/broken-requests.js';
import { linksTo } from './http/links.js';
import { isLoopback } from './http/loopback.js';
import { channelOptions } from './http/temporal/channel-options.js';
import { temporalWorkflows } from './http/temporal/temporal-workflows.js';
import { readTokens } from './http/tokens.js';
import { temporalSettings } from './temporal.js';

export interface ServerOptions {
  /** A connection that stays open when the server closes; by default one of its own, as the configuration says. */
  connection?: Connection;
  logger?: Logger;
}

export interface RunningServer {
  /** `http://127.0.0.1:3000` */
  url: string;
  /** Answers what has begun, takes nothing new, and frees the port. */
  close(): Promise<void>;
}

/** How long requests that have begun may take to end when the server closes. */
const graceMs = 5_000;

/**
 * Starts the HTTP API. It starts without Temporal too, and says on /readyz what is missing. Throws an Error that says what to change:
 * an address that others can reach without MERIDIAN_TOKENS, tokens that are not right, a port that is in use.
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  const holders = config.tokens === undefined ? undefined : readTokens(config.tokens);
  if (holders === undefined && !isLoopback(config.host)) throw new Error(unprotected(config.host));
  const logger = options.logger ?? pino({ level: config.logLevel, base: null }, pino.destination(2));
  const settings = temporalSettings(config);
  const connection = options.connection ?? Connection.lazy({ ...(settings.connection as ConnectionOptions), ...channelOptions });
  const client = new Client({ connection, namespace: settings.namespace });
  const app = createApp({
    workflows: temporalWorkflows(client, config.taskQueue),
    links: linksTo(config.temporal.uiUrl, settings.namespace),
    identify: holders ? demandToken(holders) : trustLocalUser,
    isLocalOnly: holders === undefined,
    logger,
    version: readVersion(),
  });
  const server = createServer({ requestTimeout: 30_000 }, app);
  answerBrokenRequests(server);
  await listen(server, config);
  const url = urlOf(config.host, server);
  logger.info({ url }, 'the API listens');
  return {
    url,
    close: async () => {
      await closeServer(server);
      if (options.connection === undefined) await connection.close();
    },
  };
}

const unprotected = (host: string): string =>
  `MERIDIAN_HOST is ${host}, which others can reach, and MERIDIAN_TOKENS is not set: anybody could ship and roll back. `
  + 'Set MERIDIAN_TOKENS, or listen on 127.0.0.1.';

async function listen(server: Server, { host, port }: Config): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(cannotListen(error, host, port), { cause: error })));
    server.listen(port, host, () => resolve());
  });
}

function cannotListen({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const place = `${host}:${port}`;
  if (code === 'EADDRINUSE') return `Something else listens on ${place} already. Stop it, or set MERIDIAN_PORT to another port.`;
  if (code === 'EACCES') return `This user may not listen on ${place}. Set MERIDIAN_PORT to a port above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is not an address of this machine. Set MERIDIAN_HOST to one that is.`;
  return `The API cannot listen on ${place}: ${message}`;
}

function urlOf(host: string, server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const grace = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(grace);
}

const readVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
