import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { waitFor } from '../../support/wait-for.js';
import { postgresDatabase } from '../../../src/adapters/postgres/database.js';
import { connected, known, listener, never, newRegion, settingsOf, shapeOf, splitName, stepOf, type TestRegion } from './region-database.js';

let server: TestPostgres;
let region: TestRegion;
let holder: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A long transaction that has read the table, and does nothing. */
async function holdTable(): Promise<number> {
  await holder.query('begin');
  await holder.query('select /* a report */ count(*) from customers');
  return (await holder.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
}

beforeEach(async () => {
  region = await newRegion(server);
  holder = await connected(region.url);
});
afterEach(() => holder.end());

const step = stepOf([splitName]);

describe('a long transaction that holds the table', () => {
  it('is waited for in short turns, between which everybody else passes', async () => {
    await holdTable();
    const crowd = await Promise.all(Array.from({ length: 4 }, (_one, index) => passer(index)));
    const progress = listener();
    const expanding = region.database.expand(step, progress, never);
    await waitFor('some tries were in vain', () => progress.said.filter((text) => text.includes('tries again')).length >= 4);
    const during = crowd.map(({ passed }) => passed());
    await holder.query('commit');
    expect(await expanding).toEqual({ '0042-split-name': 'expanded' });
    const failures = await Promise.all(crowd.map(({ stop }) => stop()));
    // One that queued behind a statement without lock_timeout would have hit its own statement_timeout.
    expect(failures).toEqual([[], [], [], []]);
    expect(Math.min(...during)).toBeGreaterThan(3);
  });

  it('is named, with what it did last, when no try gets through', async () => {
    const pid = await holdTable();
    const failure = await region.database.expand(step, listener(), never).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'MigrationBlocked', retryable: true });
    expect((failure as Error).message).toMatch(new RegExp(`0042-split-name, expand.up, statement 1 got no lock in 10 tries of 200ms each: pid ${pid}, idle in transaction for .*"select pg_backend_pid\\(\\) as pid"`));
    expect(await shapeOf(region)).toMatchObject({ columns: ['id', 'name'] });
    await holder.query('commit');
    expect(await region.database.expand(step, listener(), never)).toEqual({ '0042-split-name': 'expanded' });
  });

  it('is named while an index is built beside it, which keeps nobody waiting', async () => {
    const pid = await holdTable();
    const progress = listener();
    const migration = known({ name: 'index', expand: { up: 'create index concurrently by_name on customers (name)', down: 'drop index concurrently if exists by_name' } });
    await region.ask('select 1');
    await holder.query('update customers set name = name where id = 1');
    const expanding = region.database.expand(stepOf([migration]), progress, never);
    await waitFor('the builder says who is in its way', () => progress.said.some((text) => text.includes(`index, expand.up, statement 1 waits for pid ${pid}`)));
    await region.ask("update customers set name = 'Zoe' where id = 2");
    await holder.query('commit');
    expect(await expanding).toEqual({ index: 'expanded' });
    expect((await shapeOf(region)).indexes).toEqual(['by_name', 'customers_pkey']);
  });

  it('is waited for by an undo too', async () => {
    await region.database.expand(step, listener(), never);
    await holdTable();
    const failure = await region.database.undoExpand(step, never).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'MigrationBlocked' });
    await holder.query('commit');
    expect(await region.database.undoExpand(step, never)).toEqual({ schema: {}, kept: [] });
  });
});

/** A reader or writer whose patience is above lock_timeout, but far below what the long transaction takes. */
async function passer(index: number) {
  const client = await connected(region.url);
  await client.query('set statement_timeout = 3000');
  const sql = index % 2 === 0 ? 'select count(*) from customers' : `update customers set name = name where id = ${index}`;
  const failures: string[] = [];
  const over = new AbortController();
  let passed = 0;
  const running = (async () => {
    while (!over.signal.aborted) {
      await client.query(sql).then(() => (passed += 1), (error: unknown) => failures.push(String(error)));
      await sleep(10);
    }
  })();
  return {
    passed: () => passed,
    async stop() {
      over.abort();
      await running;
      await client.end();
      return failures;
    },
  };
}

describe('two workers on one database', () => {
  it('do everything once: one works, and the other waits and says for whom', async () => {
    await region.ask("insert into customers select n, 'Bob' from generate_series(1000, 30000) as n");
    const progress = [listener(), listener()] as const;
    const answers = await Promise.all(progress.map((each) => region.database.expand(step, each, never)));
    expect(answers).toEqual([{ '0042-split-name': 'expanded' }, { '0042-split-name': 'expanded' }]);
    expect((await region.ask('select what from meridian.log order by id')).map(({ what }) => what as string)).toEqual(['claimed', 'begun', 'done']);
    expect((await shapeOf(region)).indexes).toEqual(['customers_family', 'customers_pkey']);
    expect([...progress[0].said, ...progress[1].said].join('\n')).toMatch(/waits for another session that works on the migrations of shop: pid \d+/);
  });

  it('of which one never ends: the other says so at last', async () => {
    await holder.query("set application_name = 'stuck'; select pg_advisory_lock(hashtextextended('meridian/shop', 0))");
    const impatient = postgresDatabase()(settingsOf(region.url, { lockTimeout: '20ms' }));
    await expect(impatient.undoExpand(step, never)).rejects.toMatchObject({ code: 'MigrationBlocked', retryable: true, message: expect.stringMatching(/works on the migrations of shop: pid \d+, idle/) });
  });

  it('of two pipelines make one ledger', async () => {
    const billing = known({ name: 'bills', expand: { up: 'create table bills (id int)', down: 'drop table if exists bills' } });
    await Promise.all([
      region.database.expand(step, listener(), never),
      region.database.expand({ ...stepOf([billing]), pipeline: 'billing' }, listener(), never),
    ]);
    expect(await region.ask('select pipeline from meridian.migrations order by 1')).toEqual([{ pipeline: 'billing' }, { pipeline: 'shop' }]);
    expect(await region.ask('select count(*)::int as n from meridian.ledger')).toEqual([{ n: 1 }]);
  });
});

describe('a deadlock', () => {
  it('is nobody\'s fault: what lost in it is tried again', async () => {
    await region.ask('create table a (); create table b ()');
    await holder.query("set deadlock_timeout = '10min'"); // The other one looks for deadlocks, and is the one that finds this.
    await holder.query('begin; lock table b');
    const both = known({ name: 'both', expand: { up: 'do $$ begin lock table a; perform pg_sleep(0.7); lock table b; end $$', down: 'select 1' } });
    const progress = listener();
    const expanding = postgresDatabase()(settingsOf(region.url, { lockTimeout: '3s' })).expand(stepOf([both]), progress, never);
    await waitFor('it has one of the two', async () => (await region.ask("select from pg_locks where relation = 'a'::regclass and granted")).length > 0);
    await holder.query('lock table a; commit');
    expect(await expanding).toEqual({ both: 'expanded' });
    expect(progress.said.join('\n')).toContain('deadlock');
  });
});

describe('work that is cancelled', () => {
  const busy = "select pid from pg_stat_activity where application_name = 'meridian' and datname = current_database() and state <> 'idle'";

  it.each([
    ['a statement runs', "select pg_sleep(600)"],
    ['an index is built', 'create index concurrently by_name on customers (name)'],
    ['it waits for a lock', 'alter table customers add label text'],
  ])('while %s leaves nothing running, and gives its lock up', async (_when, up) => {
    await holdTable();
    await holder.query('update customers set name = name where id = 1');
    const migration = known({ name: 'm', expand: { up, down: 'drop index concurrently if exists by_name' } });
    const cancelling = new AbortController();
    const progress = listener();
    const expanding = region.database.expand(stepOf([migration]), progress, cancelling.signal).catch((error: unknown) => error);
    await waitFor('it works', async () => (await region.ask(`${busy} and query like '%${up.slice(0, 20)}%'`)).length > 0);
    cancelling.abort(new Error('cancelled by a person'));
    expect(await expanding).toMatchObject({ message: 'cancelled by a person' });
    expect(await region.ask(busy)).toEqual([]);
    await holder.query('commit');
    expect(await region.database.undoExpand(stepOf([migration]), never)).toEqual({ schema: {}, kept: [] });
    expect(await shapeOf(region)).toEqual({ columns: ['id', 'name'], indexes: ['customers_pkey'] });
  });

  it('before it begins does nothing', async () => {
    await expect(region.database.expand(step, listener(), AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(await region.database.schema(step, never)).toEqual({});
  });

  it('by somebody who ended its session is tried again, and goes on where it was', async () => {
    const migration = known({ name: 'm', expand: { up: 'alter table customers add label text; select pg_sleep(0.5)', down: 'select 1' } });
    const expanding = region.database.expand(stepOf([migration]), listener(), never).catch((error: unknown) => error);
    await waitFor('it works', async () => (await region.ask(`select pg_terminate_backend(pid) from (${busy} and query like '%pg_sleep%') as found`)).length > 0);
    expect(await expanding).toMatchObject({ code: 'DatabaseUnreachable', retryable: true, message: expect.stringContaining('goes on where it was') });
    expect(await region.database.expand(stepOf([migration]), listener(), never)).toEqual({ m: 'expanded' });
  });

  it('while another session has the lock stops waiting', async () => {
    await holder.query("select pg_advisory_lock(hashtextextended('meridian/shop', 0))");
    const cancelling = new AbortController();
    const progress = listener();
    const expanding = region.database.expand(step, progress, cancelling.signal).catch((error: unknown) => error);
    await waitFor('it waits', () => progress.said.some((text) => text.includes('waits for another session')));
    cancelling.abort(new Error('cancelled by a person'));
    expect(await expanding).toMatchObject({ message: 'cancelled by a person' });
  });
});
