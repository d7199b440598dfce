import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { postgresDatabase } from '../../../src/adapters/postgres/database.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { startPooler, type PoolMode } from './pooler.js';
import { listener, never, newRegion, settingsOf, splitName, stepOf } from './region-database.js';

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

async function pooled(mode: PoolMode) {
  const { url, ask } = await newRegion(server);
  const pooler = await startPooler(url, mode);
  onTestFinished(() => pooler.stop());
  return { database: postgresDatabase()(settingsOf(pooler.url)), ask };
}

describe('a pooler between Meridian and the database', () => {
  it('that lends connections for single transactions is refused: the lock would be lost in it', async () => {
    const { database, ask } = await pooled('transaction');
    await expect(database.check(stepOf([splitName]), never)).rejects.toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('session mode') });
    await expect(database.expand(stepOf([splitName]), listener(), never)).rejects.toMatchObject({ code: 'DatabaseRefused' });
    expect(await ask("select to_regnamespace('meridian')::text as found")).toEqual([{ found: null }]);
  });

  it('that lends them for a session is as good as none', async () => {
    const { database } = await pooled('session');
    await database.check(stepOf([splitName]), never);
    expect(await database.expand(stepOf([splitName]), listener(), never)).toEqual({ '0042-split-name': 'expanded' });
  });
});
