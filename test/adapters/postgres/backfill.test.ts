import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inSession } from '../../../src/adapters/postgres/session.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { waitFor } from '../../support/wait-for.js';
import { fill, listen, openLedger, progressOf, split, workOf } from './filling.js';
import { connect, create, newDatabase, splitName } from './sync-table.js';

let server: TestPostgres;
let url: string;
let client: pg.Client;
let count = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  client = await connect(url = await newDatabase(server, `backfill_${(count += 1)}`));
  await openLedger(client);
  await client.query(`create table customers (id int primary key, name text, given_name text, family_name text);
    insert into customers select n * 3, 'Given' || n || ' Family' || n from generate_series(1, 1000) as n`);
});
afterEach(() => client.end());

const number = async (sql: string): Promise<number> => Number((await client.query({ text: sql, rowMode: 'array' })).rows[0]![0]);
const unfilled = (): Promise<number> => number('select count(*) from customers where given_name is distinct from split_part(name, \' \', 1) or family_name is null');

describe('a backfill', () => {
  it('fills every row in batches, says how far it is, and writes down that it is done', async () => {
    const progress = listen();
    await fill(client, workOf({ sql: split, batch: 300 }), progress);
    expect(await unfilled()).toBe(0);
    expect(progress.said).toEqual(['300', '600', '900', '1,000', '1,000'].map((rows) => `0042-split-name: ${rows} of about 1,000 rows`));
    expect(await progressOf(client)).toEqual({ checkpoint: { after: '3000', isDone: true }, rows: 1_000 });
  });

  it('that is done does nothing any more', async () => {
    await fill(client, workOf({ sql: split }));
    await client.query("insert into customers values (9000, 'New One')");
    await fill(client, workOf({ sql: split }));
    expect(await unfilled()).toBe(1);
  });

  it('of an empty table is done at once', async () => {
    await client.query('truncate customers');
    await fill(client, workOf({ sql: split }));
    expect(await progressOf(client)).toEqual({ checkpoint: { isDone: true }, rows: 0 });
  });

  it('finds rows that are added beyond its last key while it runs', async () => {
    const added = new Set<number>();
    const progress = listen({
      mayGoOn: async () => {
        const { checkpoint } = await progressOf(client);
        if (checkpoint?.after === '3000' && !added.has(9_000)) {
          added.add(9_000);
          await client.query("insert into customers values (9000, 'New One')");
        }
        return undefined;
      },
    });
    await fill(client, workOf({ sql: split, batch: 400 }), progress);
    expect(added.size).toBe(1);
    expect(await unfilled()).toBe(0);
  });

  it('walks another table than the one that it writes', async () => {
    await client.query('create table names (id int primary key, given text)');
    await fill(client, workOf({ sql: "insert into names select id, split_part(name, ' ', 1) from customers where id between $1 and $2 on conflict do nothing", table: 'customers', batch: 100 }));
    expect(await number('select count(*) from names')).toBe(1_000);
  });

  it('writes what the author wrote, and the trigger of the same migration stands aside', async () => {
    await client.query("update customers set name = 'Ann  Bell ' where id = 3");
    await create(client, splitName);
    await fill(client, workOf({ sql: "update customers set given_name = split_part(name, ' ', 1), family_name = split_part(name, ' ', 3) where id between $1 and $2" }));
    expect((await client.query({ text: 'select * from customers where id = 3', rowMode: 'array' })).rows).toEqual([[3, 'Ann  Bell ', 'Ann', 'Bell']]);
  });
});

describe('the key', () => {
  it.each([
    ['bigint, beyond what a number of JavaScript holds', 'bigint', '9007199254740993 + n'],
    ['a UUID', 'uuid', "md5(n::text)::uuid"],
    ['a text in the order of a language', 'text collate "en-x-icu"', "chr(97 + n % 26) || case n % 2 when 0 then 'É' else 'e' end || n || E' \\'\"'"],
    ['a text, one of them empty', 'text', "case n when 1 then '' else n::text end"],
    ['a text without regard to case', 'text collate blind', "'Key' || n"],
    ['a point in time to the microsecond', 'timestamptz', "'2026-01-01 00:00:00.000001+00'::timestamptz + n * interval '1.000001 s'"],
    ['a day, from and until ever', 'date', "case n when 1 then '-infinity' when 2 then 'infinity' else '2026-01-01'::date + n end"],
    ['a number with fractions', 'numeric', "case n when 1 then 'NaN' else n / 7.0 end"],
    ['a number with a rounding', 'double precision', 'n / 7.0'],
    ['a text of a fixed length', 'char(12)', 'n::text'],
  ])('may be %s', async (_, type, expression) => {
    await client.query(`create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
    await client.query("set datestyle = 'German, DMY'; set timezone = 'Asia/Kathmandu'");
    await client.query(`create table things (key ${type} primary key, n int, filled int not null default 0); insert into things select ${expression}, n from generate_series(1, 500) as n`);
    await fill(client, workOf({ sql: 'update things set filled = filled + 1 where key between $1 and $2', batch: 70 }));
    expect(await number('select count(*) from things where filled = 1')).toBe(500);
  });

  it('may be named where the primary key has two columns, and need not be unique', async () => {
    await client.query(`create table lines (shop int, id int not null, filled int not null default 0, primary key (shop, id));
      insert into lines select n % 5, n / 5 from generate_series(0, 999) as n`);
    const sql = 'update lines set filled = filled + 1 where id between $1 and $2';
    await expect(fill(client, workOf({ sql }))).rejects.toThrow('0042-split-name, backfill: public.lines has no primary key of a single column: name a column with `key`');
    await expect(fill(client, workOf({ sql, key: 'id' }))).rejects.toThrow('has no column id that is the first one of a valid B-tree index over all rows');
    await client.query('create index on lines (id)');
    await fill(client, workOf({ sql, key: 'id', batch: 33 }));
    expect(await number('select count(*) from lines where filled = 1')).toBe(1_000);
  });

  it('may be that of a partitioned table in another schema, with names that need quotes', async () => {
    await client.query(`create schema "My Shop"; create table "My Shop"."Order" ("Id" int primary key, filled int) partition by range ("Id");
      create table "My Shop".low partition of "My Shop"."Order" for values from (0) to (50); create table "My Shop".high partition of "My Shop"."Order" default;
      insert into "My Shop"."Order" select n from generate_series(1, 100) as n`);
    const progress = listen();
    await fill(client, workOf({ sql: 'update "My Shop"."Order" as o set filled = 1 where o."Id" between $1 and $2', batch: 60 }), progress);
    expect(await number('select count(*) from "My Shop"."Order" where filled = 1')).toBe(100);
    expect(progress.said[0]).toBe('0042-split-name: 60 of about 100 rows');
  });

  it.each([
    ['a nullable one', { key: 'name' }, 'create index on customers (name)', 'name of public.customers may be null'],
    ['one that the statement does not bound', { key: 'other' }, 'alter table customers add other serial unique', 'the statement bounds id between $1 and $2, but other is what is walked by'],
    ['one of a table that is not there', { sql: 'update nobody set a = 1 where id between $1 and $2' }, 'select', 'there is no table nobody'],
    ['one of a view', { sql: 'update seen set name = name where id between $1 and $2' }, 'create view seen as select * from customers', 'there is no table seen'],
    ['none, of a statement without bounds', { sql: 'update customers set name = name' }, 'select', 'the statement has no `<key> between $1 and $2`'],
  ])('may not be %s', async (_, part, before, message) => {
    await client.query(before);
    await expect(fill(client, workOf({ sql: split, ...part }))).rejects.toMatchObject({ code: 'MigrationFailed', message: expect.stringContaining(message) });
  });
});

describe('what goes wrong', () => {
  it('in the statement is told with the rows, and what was done before it stands', async () => {
    await client.query("update customers set name = 'x' where id = 1500");
    await expect(fill(client, workOf({ sql: "update customers set given_name = 1 / (length(name) - 1) where id between $1 and $2", batch: 100 }))).rejects.toMatchObject({
      code: 'MigrationFailed', message: expect.stringMatching(/^0042-split-name, backfill, keys 1203 to 1500, .*division by zero/),
    });
    expect(await progressOf(client)).toEqual({ checkpoint: { after: '1200' }, rows: 400 });
  });

  it('with keys that may be personal tells no key', async () => {
    await client.query("create table people (email text primary key, n int); insert into people values ('ann@example.org', 1)");
    const failing = fill(client, workOf({ sql: 'update people set n = n / 0 where email between $1 and $2' }));
    await expect(failing).rejects.toThrow(/^0042-split-name, backfill, statement 1/);
  });

  it('is a ledger that does not know of it', async () => {
    await client.query('delete from meridian.migrations');
    await expect(fill(client, workOf({ sql: split }))).rejects.toThrow('the ledger has been changed by somebody else meanwhile');
    expect(await number('select count(given_name) from customers')).toBe(0);
  });
});

describe('a row that somebody holds', () => {
  it('is waited for alone, with every row before it filled and free', async () => {
    const holder = await connect(url);
    await holder.query('begin; update customers set name = name where id = 1500');
    const progress = listen();
    const filling = fill(client, workOf({ sql: split, batch: 1_000 }), progress);
    await waitFor('it says who holds the row', () => progress.said.some((text) => /^0042-split-name: 499 of about 1,000 rows; waits: a row of public.customers is locked: pid \d+, idle in transaction for .*, "begin; update customers/.test(text)));
    const other = await connect(url);
    await other.query("set lock_timeout = '20ms'; update customers set name = name where id = 1497; update customers set name = name where id = 1503");
    await holder.query('commit');
    await filling;
    await Promise.all([holder.end(), other.end()]);
    expect(await unfilled()).toBe(0);
  });

  it('and who then wants one that is filled already gets it: there is no deadlock to lose', async () => {
    const holder = await connect(url);
    await holder.query("set deadlock_timeout = '1ms'; begin; update customers set name = name where id = 1500");
    const filling = fill(client, workOf({ sql: split, batch: 1_000 }, { lockTimeout: '10s' }));
    await waitFor('the backfill waits', async () => (await holder.query("select from pg_locks where not granted")).rowCount === 1);
    await holder.query("update customers set name = name where id = 3; commit");
    await filling;
    await holder.end();
    expect(await unfilled()).toBe(0);
  });

  it('for too long ends the attempt, which says who it is; the next attempt goes on', async () => {
    const holder = await connect(url);
    await holder.query('begin; update customers set name = name where id = 1500');
    await expect(fill(client, workOf({ sql: split, batch: 1_000 }, { lockTimeout: '10ms' }))).rejects.toMatchObject({
      code: 'MigrationBlocked', retryable: true, message: expect.stringMatching(/got no lock on a row of public.customers in 10 tries of 10ms each: pid \d+, idle in transaction/),
    });
    expect(await progressOf(client)).toMatchObject({ rows: 499 });
    await holder.end();
    await fill(client, workOf({ sql: split, batch: 1_000 }));
    expect(await unfilled()).toBe(0);
  });

  it('or rather a table, does not make it fail', async () => {
    const holder = await connect(url);
    await holder.query('begin; lock table customers in access exclusive mode');
    let looks = 0;
    const progress = listen({ mayGoOn: async () => {
      looks += 1;
      if (looks === 4) await holder.query('commit');
      return undefined;
    } });
    const other = workOf({ sql: split }, { lockTimeout: '50ms' });
    const filling = fill(client, other, progress);
    // It counts the rows first, and waits for that as for everything else.
    await expect(filling.catch((error: unknown) => { throw error; })).resolves.toBeUndefined();
    await holder.end();
    expect(await unfilled()).toBe(0);
  });
});

describe('a batch that takes too long', () => {
  it('is halved until it fits, and grows again', async () => {
    // One row of a thousand takes long: only alone may it take the statement's own time.
    await client.query(`create function slow(id int) returns text language plpgsql as 'begin if id = 1500 then perform pg_sleep(0.3); end if; return $$x$$; end'`);
    const progress = listen();
    await fill(client, workOf({ sql: 'update customers set family_name = slow(id) where id between $1 and $2', batch: 200 }, { lockTimeout: '100ms' }), progress);
    const reached = progress.said.map((text) => Number(/: ([\d,]+) of/.exec(text)![1]!.replace(',', '')));
    expect(reached).toContain(499);
    expect(reached).toContain(500);
    expect(reached.at(-1)).toBe(1_000);
    expect(Math.max(...reached.slice(reached.indexOf(500)).map((each, at, all) => each - (all[at - 1] ?? each)))).toBeGreaterThan(16);
  });

  it('with a single row is the statement\'s fault', async () => {
    await expect(fill(client, workOf({ sql: 'update customers set name = pg_sleep(5)::text where id between $1 and $2', batch: 1 }, { statementTimeout: '20ms' }))).rejects.toMatchObject({
      code: 'MigrationFailed', message: expect.stringContaining('backfill of a single row'),
    });
  });
});

describe('before each batch', () => {
  it('the question is asked whether it may go on; why it waits is said', async () => {
    const answers = ['the replica is 34 s behind, at most 10'];
    const progress = listen({ mayGoOn: async () => answers.pop() });
    await fill(client, workOf({ sql: split, batch: 1_000 }), progress);
    expect(progress.said[0]).toBe('0042-split-name: fills back; waits: the replica is 34 s behind, at most 10');
    expect(await unfilled()).toBe(0);
  });

  it('what the question throws ends it', async () => {
    const progress = listen({ mayGoOn: async () => { throw new Error('no lag today'); } });
    await expect(fill(client, workOf({ sql: split }), progress)).rejects.toThrow('no lag today');
  });

  it('something is said again and again while it waits', async () => {
    let looks = 0;
    const progress = listen({ mayGoOn: async () => {
      looks += 1;
      if (looks === 1) await waitFor('it was said twice', () => progress.said.length === 2);
      return undefined;
    } });
    await fill(client, workOf({ sql: split }), progress);
    expect(progress.said.slice(0, 2)).toEqual(['0042-split-name: fills back', '0042-split-name: fills back']);
  });
});

describe('the signal', () => {
  it.each(['while it may not go on', 'between two batches'])('ends it %s', async (when) => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const progress = listen({
      say: () => controller.abort(reason),
      ...(when === 'while it may not go on' ? { mayGoOn: async () => 'not now' } : {}),
    });
    await expect(fill(client, workOf({ sql: split, batch: 100, pause: '1h' }), progress, controller.signal)).rejects.toBe(reason);
    expect((await progressOf(client)).rows).toBe(when === 'while it may not go on' ? 0 : 100);
  });
});

describe('the signal, within a batch', () => {
  it('ends the statement on the server before anything else may happen, and the batch leaves no trace', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const work = workOf({ sql: "update customers set name = name || pg_sleep(60)::text where id between $1 and $2", batch: 1 }, { url, statementTimeout: '10m' });
    const running = (): Promise<number> => number("select count(*) from pg_stat_activity where state = 'active' and query like 'update customers%'");
    const filling = inSession(work.database, controller.signal, (session) => fill(session.client, work, listen(), controller.signal));
    await Promise.all([
      expect(filling).rejects.toBe(reason),
      waitFor('it runs', async () => await running() === 1).then(() => controller.abort(reason)),
    ]);
    expect(await running()).toBe(0);
    expect(await progressOf(client)).toEqual({ checkpoint: null, rows: 0 });
  });
});

describe('SIGKILL of the server', () => {
  it('costs at most the batch that was on its way, and none is filled twice', async () => {
    await client.query('alter table customers add filled int not null default 0');
    const work = workOf({ sql: 'update customers set filled = filled + 1 where id between $1 and $2', batch: 10, pause: '1ms' });
    for (let kill = 1; kill <= 3; kill += 1) {
      const progress = listen();
      const filling = fill(client, work, progress);
      await Promise.all([expect(filling).rejects.toThrow(), waitFor('some batches are done', () => progress.said.length >= 10).then(() => server.kill())]);
      await server.restart();
      client = await connect(url);
      const { rows } = await progressOf(client);
      expect(rows).toBeGreaterThanOrEqual(kill * 100);
      expect(await number('select sum(filled) from customers')).toBe(rows);
    }
    await fill(client, work);
    expect(await number('select count(*) from customers where filled = 1')).toBe(1_000);
  });
});
