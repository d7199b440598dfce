import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askLag } from '../../../src/adapters/postgres/lag.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { waitFor } from '../../support/wait-for.js';
import { startReplica } from './replica.js';
import { connect } from './sync-table.js';

let server: TestPostgres;
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  client = await connect(server.url);
});
afterAll(async () => {
  await client.end();
  await server.stop();
});

const ask = (query?: string): Promise<number> => askLag(client, { lag: { query, max: 10 } });

describe('lag.query', () => {
  it.each([
    ['select 7', 7],
    ['select 12345678901::bigint', 12_345_678_901],
    ['select 1.5::numeric -- seconds', 1.5],
    ['select 1e-3::float8;', 0.001],
    ["select '42'::text", 42],
    ['select -1', -1],
  ])('%s answers %d', async (query, number) => {
    expect(await ask(query)).toBe(number);
  });

  it.each([
    ['select null::int', 'it answered NULL: say what that means with coalesce(…, 0)'],
    ['select 1 where false', 'it answered 0 rows of 1 columns'],
    ['select 1 union all select 2', 'it answered 2 rows of 1 columns'],
    ['select 1, 2', 'it answered 1 rows of 2 columns'],
    ["select ''", 'it answered "", which is not a number'],
    ["select 'late'", 'it answered "late", which is not a number'],
    ["select 'NaN'::numeric", 'it answered "NaN", which is not a number'],
    ["select 'infinity'::float8", 'it answered "Infinity", which is not a number'],
    ["select interval '5 s'", 'of an interval take extract(epoch from …)'],
    ['select true', 'it answered "t", which is not a number'],
    ['select 1; select 2', 'cannot insert multiple commands'],
    ['selct 1', 'PostgreSQL said: syntax error'],
    ['select 1 / 0', 'PostgreSQL said: division by zero'],
    ['create table nothing (id int)', 'PostgreSQL said: cannot execute CREATE TABLE in a read-only transaction'],
    ['commit; create table nothing (id int)', 'cannot insert multiple commands'],
  ])('%s is refused, readably', async (query, message) => {
    await expect(ask(query)).rejects.toMatchObject({ code: 'MigrationFailed', message: expect.stringContaining(message) });
    expect(await ask('select 1')).toBe(1);
  });

  it('leaves nothing behind in the session that asks', async () => {
    await ask("select set_config('search_path', 'nowhere', false)::text is null then 1").catch(() => undefined);
    await ask("select length(set_config('search_path', 'nowhere', false))");
    expect((await client.query('show search_path')).rows).toEqual([{ search_path: '"$user", public' }]);
  });

  it('that the role may not ask is told as it is', async () => {
    await client.query('create role nobody; set role nobody');
    await expect(ask('select count(*) from pg_authid')).rejects.toMatchObject({ code: '42501' });
    await client.query('reset role');
  });
});

describe('without a query', () => {
  it('a database without replicas is not behind', async () => {
    expect(await ask()).toBe(0);
  });

  it('the slowest replica counts, in seconds; one that says nothing and has all is not behind', async () => {
    const { rows } = await client.query<{ at: string }>('select pg_current_wal_flush_lsn()::text as at');
    const replica = await startReplica(server.url, rows[0]!.at);
    await waitFor('it streams', async () => (await client.query("select from pg_stat_replication where state = 'streaming'")).rowCount === 1);
    expect(await ask()).toBe(0);
    await client.query('create table if not exists written (id int); insert into written values (1)');
    await sleep(300);
    replica.reply();
    const lag = await waitFor('it has replied', async () => (await ask()) || undefined);
    expect(lag).toBeGreaterThan(0.2);
    expect(lag).toBeLessThan(60);
    await client.query('create role looker; set role looker');
    await expect(ask()).rejects.toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('grant pg_monitor to <role>') });
    await client.query('reset role; grant pg_monitor to looker; set role looker');
    expect(await ask()).toBe(lag);
    await client.query('reset role');
    await replica.stop();
  });
});
