import path from 'node:path';
import type { Config } from '../config.js';
import { listRegions, stopRegions } from '../adapters/process-regions.js';
import { startServer as startApi } from '../server.js';
import { installRuntime } from '../temporal-runtime.js';
import { startWorker, type RunningWorker } from '../worker.js';
import { claimHome } from './claim.js';
import { prepareHome } from './home.js';
import { createParts, type Parts } from './parts.js';
import { expectFreePorts, type NeededPort } from './ports.js';
import { retryUntil } from './retry-until.js';
import { SetupFailure } from './setup-failure.js';
import { askRegions, type RegionAnswer } from './shop/answers.js';
import { startLoad } from './shop/load.js';
import { expectSamePorts, openRegions } from './shop/regions.js';
import { readShop, type Shop } from './shop/shop.js';
import type { Teller } from './teller.js';
import { storeOf } from './temporal/embedded.js';
import { openTemporal } from './temporal/open.js';
import { findServers } from './temporal/orphan.js';

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
  /** Stops API, worker, customers, regions and Temporal server, in this order, and gives the folder free. */
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
  const shop = await readShop(config.shopPort);
  await expectSamePorts(config.home, shop);
  await expectFreePorts(await portsToFind(config, shop));
  const watch = watchParts();

  const temporal = await openTemporal(config, env, tell, signal);
  parts.add('the Temporal server', () => temporal.stop());
  watch.mustRun(temporal.ended, `The Temporal server has ended. Its log: ${temporal.log}.`);
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

/** `broken` is aborted as soon as one of the parts that must run has ended. */
function watchParts(): { broken: AbortSignal; mustRun: (ended: Promise<void>, what: string) => void } {
  const controller = new AbortController();
  const breakWith = (what: string): void => controller.abort(new SetupFailure(`${what} Start again: everything goes on where it was.`));
  return {
    broken: controller.signal,
    mustRun(ended, what) {
      ended.then(
        () => breakWith(what),
        (error: unknown) => breakWith(`${what} ${(error as Error).message}`),
      );
    },
  };
}

/** The API answers before a worker polls, and refuses what needs one. */
async function untilReady(apiUrl: string, signal: AbortSignal): Promise<void> {
  await retryUntil(readyMs, async () => {
    const response = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new SetupFailure(`The API is not ready: ${apiUrl}/readyz answers ${response.status} ${await response.text()}`);
  }, { signal });
}

/** Ports that nobody may listen on now; those that an earlier start of this very stack still holds are left out. */
async function portsToFind({ home, host, port, temporal }: Config, shop: Shop): Promise<NeededPort[]> {
  const orphans = (await findServers(storeOf(home))).flatMap((server) => [server.port, server.uiPort]);
  const regions = (await listRegions(home)).flatMap(({ pid, port: held }) => (pid === null ? [] : [held]));
  const embedded = [
    { port: temporal.port, host: '127.0.0.1', what: 'Temporal', variable: 'MERIDIAN_TEMPORAL_PORT' },
    { port: temporal.uiPort, host: '127.0.0.1', what: 'the Temporal UI', variable: 'MERIDIAN_TEMPORAL_UI_PORT' },
  ];
  const places = shop.places.map((place) => ({
    port: place.port, host: '127.0.0.1', what: `the shop in ${place.environment}/${place.region}`, variable: 'MERIDIAN_SHOP_PORT',
  }));
  return [
    { port, host, what: 'the API', variable: 'MERIDIAN_PORT' },
    ...(temporal.address === undefined ? embedded.filter((each) => !orphans.includes(each.port)) : []),
    ...places.filter((each) => !regions.includes(each.port)),
  ];
}
