import type { Config } from '../config.js';
import { listRegions } from '../adapters/process-regions.js';
import type { NeededPort } from './ports.js';
import { findServer } from './postgres/running.js';
import { dataOf } from './postgres/cluster.js';
import { databaseFolder } from './shop/databases.js';
import type { Shop } from './shop/shop.js';
import { storeOf } from './temporal/embedded.js';
import { findServers } from './temporal/orphan.js';

const host = '127.0.0.1';

/** Ports that nobody may listen on now; those that an earlier start of this very stack still holds are left out. */
export async function neededPorts(config: Config, shop: Shop): Promise<NeededPort[]> {
  const held = (await Promise.all([heldByTemporal(config), heldByRegions(config), heldByDatabases(config, shop)])).flat();
  const embedded = [...(config.temporal.address === undefined ? temporalPorts(config) : []), ...shopPorts(shop)];
  return [
    { port: config.port, host: config.host, what: 'the API', variable: 'MERIDIAN_PORT' },
    ...embedded.filter(({ port, variable }) => !held.some((each) => each.port === port && each.variable === variable)),
  ];
}

type Held = Pick<NeededPort, 'port' | 'variable'>;

const temporalPorts = ({ temporal }: Config): NeededPort[] => [
  { port: temporal.port, host, what: 'Temporal', variable: 'MERIDIAN_TEMPORAL_PORT' },
  { port: temporal.uiPort, host, what: 'the Temporal UI', variable: 'MERIDIAN_TEMPORAL_UI_PORT' },
];

const shopPorts = ({ places }: Shop): NeededPort[] => places.flatMap(({ environment, region, port, databasePort }) => [
  { port, host, what: `the shop in ${environment}/${region}`, variable: 'MERIDIAN_SHOP_PORT' },
  { port: databasePort, host, what: `the database of ${environment}/${region}`, variable: 'MERIDIAN_SHOP_PORT' },
]);

const heldByTemporal = async ({ home }: Config): Promise<Held[]> => (await findServers(storeOf(home))).flatMap(({ port, uiPort }) => [
  { port, variable: 'MERIDIAN_TEMPORAL_PORT' }, { port: uiPort, variable: 'MERIDIAN_TEMPORAL_UI_PORT' },
]);

const heldByRegions = async ({ home }: Config): Promise<Held[]> =>
  (await listRegions(home)).flatMap(({ pid, port }) => (pid === null ? [] : [{ port, variable: 'MERIDIAN_SHOP_PORT' }]));

async function heldByDatabases({ home }: Config, { places }: Shop): Promise<Held[]> {
  const servers = await Promise.all(places.map((place) => findServer(dataOf(databaseFolder(home, place)))));
  return servers.flatMap((server) => (server === undefined ? [] : [{ port: server.port, variable: 'MERIDIAN_SHOP_PORT' }]));
}
