import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveThrough } from '../../../bench/migrations/life.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { newDatabase } from './sync-table.js';

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

it('no query fails and no write is lost, there and back, while two releases write 200 times a second and a transaction holds the table', async () => {
  const url = await newDatabase(server, 'load');
  const { stretches, outOfStep } = await liveThrough({ url, rows: 20_000, rate: 200, batch: 1_000, lockTimeoutMs: 200, holdMs: 1_500, restMs: 1_500 });
  expect(stretches.map(({ what, tally: { failures, lost } }) => ({ what, failures: [...new Set(failures)], lost }))).toEqual(
    stretches.map(({ what }) => ({ what, failures: [], lost: [] })),
  );
  expect(stretches.every(({ tally: { queries } }) => queries > 0)).toBe(true);
  expect(outOfStep).toEqual([0, 0]);
  const trigger = 'trigger zz_meridian_0042_split_name';
  const old = ['id', 'name', 'orders'];
  const both = ['family_name', 'given_name', 'id', 'name', 'orders', trigger];
  const recent = ['family_name', 'given_name', 'id', 'orders'];
  expect(stretches.map(({ what, ledger, shape }) => [what, ledger['0042-split-name'], shape])).toEqual([
    ['before', undefined, old],
    ['expand and backfill', 'expanded', both],
    ['both releases', 'expanded', both],
    ['contract', 'contracted', recent],
    ['new release alone', 'contracted', recent],
    ['contract taken back', 'expanded', both],
    ['both releases again', 'expanded', both],
    ['expand taken back', undefined, old],
  ]);
}, 180_000);
