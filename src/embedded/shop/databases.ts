import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config.js';
import { isSamePlace, placeKey } from '../../rollout/places.js';
import { findBinaries } from '../postgres/binaries.js';
import { ensureDatabase, withClient } from '../postgres/connect.js';
import { openServer, type OpenServer } from '../postgres/open.js';
import type { Parts } from '../parts.js';
import { startTogether } from '../start-together.js';
import type { Teller } from '../teller.js';
import { placeVariables, shopFolder, type Shop, type ShopPlace } from './shop.js';

const database = 'shop';

/** The folder of the PostgreSQL of a place. */
export const databaseFolder = (home: string, { environment, region }: { environment: string; region: string }): string =>
  path.join(home, 'postgres', `${environment}-${region}`);

/** The databases of the shop, all running. */
export interface Databases {
  /** The environment variables that the document takes their URLs from. */
  env: Record<string, string>;
  /** Rejects when one has ended and cannot be started again. */
  broken: Promise<never>;
}

/**
 * A PostgreSQL for each place of the shop: a server of its own, as a region has in earnest, so that what happens to one reaches no other. Those of an
 * earlier start are taken over, or started again on their data. Throws `SetupFailure`.
 */
export async function openDatabases({ home, postgresBin }: Config, shop: Shop, parts: Parts, tell: Teller, signal: AbortSignal): Promise<Databases> {
  const binaries = await findBinaries(postgresBin);
  tell.say(`Opening the ${shop.places.length} databases of the shop (PostgreSQL): a few seconds the first time.`);
  const servers = await startTogether(signal, shop.places.map((place) => async (together) => {
    const server = await openServer({ folder: databaseFolder(home, place), port: place.databasePort, what: placeKey(place) }, binaries, together);
    parts.add(`the database of ${placeKey(place)}`, () => server.stop());
    await fillOnce(server.url);
    return { place, server };
  }));
  return { env: urlsOf(shop, servers), broken: Promise.race(servers.map(({ server }) => server.broken)) };
}

/** Whole or not at all, so that the first start may be killed anywhere. */
async function fillOnce(url: (database?: string) => string): Promise<void> {
  await ensureDatabase(url(), database);
  await withClient(url(database), async (client) => {
    const { rows: [found] } = await client.query<{ isFilled: boolean }>(`select to_regclass('customers') is not null as "isFilled"`);
    if (!found!.isFilled) await client.query(await readFile(`${shopFolder}database.sql`, 'utf8')); // several statements at once are one transaction
  });
}

function urlsOf({ document }: Shop, servers: { place: ShopPlace; server: OpenServer }[]): Record<string, string> {
  return Object.fromEntries(placeVariables(document, 'DATABASE_URL').flatMap(({ name, ...at }) => {
    const found = servers.find(({ place }) => isSamePlace(place, at));
    return found === undefined ? [] : [[name, found.server.url(database)]];
  }));
}
