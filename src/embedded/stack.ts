import path from 'node:path';
import type { Config } from '../config.js';
import { stopRegions } from '../adapters/process-regions.js';
import { startServer as startApi } from '../server.js';
import { installRuntime } from '../temporal-runtime.js';
import { startWorker, type RunningWorker } from '../worker.js';
import { claimHome } from './claim.js';
import { prepareHome } from './home.js';
import { createParts, type Parts } from './parts.js';
import { neededPorts } from './needed-ports.js';
import { expectFreePorts } from './ports.js';
import { retryUntil } from './retry-until.js';
import { SetupFailure } from './setup-failure.js';
import { askRegions, type RegionAnswer } from './shop/answers.js';
import { openDatabases } from './shop/databases.js';
import { startLoad } from './shop/load.js';
import { expectSamePorts, openRegions } from './shop/regions.js';
import { readShop, type Shop } from './shop/shop.js';
import { startTogether } from './start-together.js';
import type { Teller } from './teller.js';
import { openTemporal } from './temporal/open.js';
import { watchParts, type Watch } from './watch.js';

/** A worker shows itself within a second or two, unless the machine is busy. */
const readyMs = 60_000;

/** Everything that `npm start` starts. */
export interface Stack {
  apiUrl: string;
  shop: Shop;
  /** Aborted, with a `SetupFailure` as its reason, when a part ends that should run: half a stack is worse than none. */
  broken: AbortSignal;
  /** Which release answers in each region, asked there. */
  askRegions(): Promise<RegionAnswer[]>;
  /** Stops API, worker, customers, regions, databases and Temporal server, in this order, and gives the folder free. */
  stop(): Promise<void>;
}

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  tell: Teller;
  /** Ends the start. What was started by then is stopped before `startStack` rejects. */
  signal: AbortSignal;
}

/** Starts the stack, or takes up what a killed one left behind. Throws `SetupFailure` for whatever a person can mend. */
export async function startStack(given: Config, surroundings: Surroundings): Promise<Stack> {
  const parts = createParts(surroundings.tell);
  try {
    const config = { ...given, home: await prepareHome(given.home) };
    parts.add('the claim on the folder', await claimHome(config.home, surroundings.signal));
    return await startParts(config, parts, surroundings);
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

/** What the others need comes first, and is stopped last. */
async function startParts(config: Config, parts: Parts, { env, tell, signal }: Surroundings): Promise<Stack> {
  const described = await readShop(config.shopPort);
  await expectSamePorts(config.home, described);
  await expectFreePorts(await neededPorts(config, described));
  const watch = watchParts();

  const shop = await openServers(config, described, parts, watch, { env, tell, signal });
  parts.add('the regions', async () => void (await stopRegions(config.home)));
  await openRegions(config.home, shop, tell, signal);
  const load = startLoad(shop);
  parts.add("the shop's customers", () => load.stop());
  watch.mustRun(load.ended, "The shop's customers have ended.");
  signal.throwIfAborted();

  const { apiUrl, worker } = await startWorkerAndApi(config, shop, parts, tell);
  watch.mustRun(worker.closed, 'The worker has ended.');
  await untilReady(apiUrl, AbortSignal.any([signal, watch.broken]));
  return { apiUrl, shop, broken: watch.broken, askRegions: () => askRegions(shop), stop: () => parts.stop() };
}

/** The Temporal server and the databases of the shop, side by side. Answers the shop with the URLs of its databases. */
async function openServers(config: Config, shop: Shop, parts: Parts, watch: Watch, { env, tell, signal }: Surroundings): Promise<Shop> {
  const openOwnTemporal = async (together: AbortSignal): Promise<void> => {
    const temporal = await openTemporal(config, env, tell, together);
    parts.add('the Temporal server', () => temporal.stop());
    watch.mustRun(temporal.ended, `The Temporal server has ended. Its log: ${temporal.log}.`);
  };
  const openOwnDatabases = async (together: AbortSignal): Promise<Shop['env']> => {
    const databases = await openDatabases(config, shop, parts, tell, together);
    watch.mustRun(databases.broken, 'The shop is without a database.');
    return databases.env;
  };
  const [urls] = await startTogether(signal, [openOwnDatabases, openOwnTemporal]);
  return { ...shop, env: { ...shop.env, ...urls } };
}

async function startWorkerAndApi(config: Config, shop: Shop, parts: Parts, tell: Teller): Promise<{ apiUrl: string; worker: RunningWorker }> {
  const logFile = path.join(config.home, 'meridian.log');
  tell.say(`Starting worker and API: a few seconds. They log to ${logFile}.`);
  const logger = installRuntime(config, logFile);
  // References of the document are resolved by the worker, in its own environment.
  Object.assign(process.env, shop.env);
  const worker = await startWorker(config);
  parts.add('the worker', () => worker.shutdown());
  const api = await startApi(config, { logger });
  parts.add('the API', () => api.close());
  return { apiUrl: api.url, worker };
}

/** The API answers before a worker polls, and refuses what needs one. */
async function untilReady(apiUrl: string, signal: AbortSignal): Promise<void> {
  await retryUntil(readyMs, async () => {
    const response = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new SetupFailure(`The API is not ready: ${apiUrl}/readyz answers ${response.status} ${await response.text()}`);
  }, { signal });
}
