import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { withClient } from '../../src/embedded/postgres/connect.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { shopFolder } from './shop-process.js';

/** Databases of the shop, each as it is before the first release, on one server for the whole file. */
export function useShopDatabases(): { create(): Promise<string> } {
  let server: TestPostgres;
  let count = 0;
  beforeAll(async () => {
    server = await startPostgres();
    const template = await server.createDatabase('shop');
    const sql = await readFile(`${shopFolder}database.sql`, 'utf8');
    await withClient(template, (client) => client.query(sql));
  });
  afterAll(() => server.stop());
  return { create: () => server.createDatabase(`shop_${count += 1}`, 'shop') };
}
