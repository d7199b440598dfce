import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { connect, create, drop, newDatabase, splitName, within, workOf } from './sync-table.js';
import { createSync, fitSync, standAside } from '../../../src/adapters/postgres/sync.js';

let server: TestPostgres;
let client: pg.Client;
let url: string;
let count = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  client = await connect(url = await newDatabase(server, `sync_${(count += 1)}`));
  await client.query(`create table customers (id int primary key, name text, given_name text, family_name text, "other Column" int)`);
});
afterEach(() => client.end());

const rows = async (sql = 'select name, given_name, family_name from customers order by id'): Promise<unknown[][]> =>
  (await client.query({ text: sql, rowMode: 'array' })).rows;

const both = ['Ann Lee Bell', 'Ann', 'Lee Bell'];

describe('a row that is inserted', () => {
  beforeEach(() => create(client, splitName));

  it('gets its new shape from the old one that an old release writes', async () => {
    await client.query("insert into customers (id, name) values (1, 'Ann Lee Bell')");
    expect(await rows()).toEqual([both]);
  });

  it('gets its old shape from the new one that a new release writes', async () => {
    await client.query("insert into customers (id, given_name, family_name) values (1, 'Ann', 'Lee Bell')");
    expect(await rows()).toEqual([both]);
  });

  it('keeps the new shape where both are given and differ', async () => {
    await client.query("insert into customers (id, name, given_name, family_name) values (1, 'Somebody Else', 'Ann', 'Lee Bell')");
    expect(await rows()).toEqual([both]);
  });

  it('stays as it is where both are given and the new shape follows from the old', async () => {
    await client.query("insert into customers (id, name, given_name, family_name) values (1, 'Ann  Bell', 'Ann', ' Bell'), (2, 'Ann ', 'Ann', null)");
    expect(await rows()).toEqual([['Ann  Bell', 'Ann', ' Bell'], ['Ann ', 'Ann', null]]);
  });

  it('may hold nothing', async () => {
    await client.query('insert into customers (id) values (1)');
    expect(await rows()).toEqual([[null, null, null]]);
  });

  it('may come by COPY and by INSERT … SELECT', async () => {
    await client.query("create table import (id int, name text); insert into import values (1, 'Ann Lee Bell'), (2, null)");
    await client.query('insert into customers (id, name) select id, name from import');
    const folder = server.folder;
    await client.query(`copy import to '${folder}/import.copy'; truncate customers; copy customers (id, name) from '${folder}/import.copy'`);
    expect(await rows()).toEqual([both, [null, null, null]]);
  });
});

describe('a row that is updated', () => {
  beforeEach(async () => {
    await create(client, splitName);
    await client.query("insert into customers (id, name) values (1, 'Bob Kay')");
  });

  it.each([
    ['the old shape', "name = 'Ann Lee Bell'"],
    ['the new shape', "given_name = 'Ann', family_name = 'Lee Bell'"],
    ['both, of which the new shape wins', "name = 'Somebody Else', given_name = 'Ann', family_name = 'Lee Bell'"],
  ])('follows %s', async (_, set) => {
    await client.query(`update customers set ${set}`);
    expect(await rows()).toEqual([both]);
  });

  it('follows a change to nothing', async () => {
    await client.query('update customers set name = null');
    expect(await rows()).toEqual([[null, null, null]]);
  });

  it('follows a change of case where the collation sees none', async () => {
    await client.query(`create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`);
    await client.query('alter table customers alter name type text collate blind');
    await client.query("update customers set name = 'bob kay'");
    expect(await rows()).toEqual([['bob kay', 'bob', 'kay']]);
  });

  it('stays as it is when neither shape changes', async () => {
    await client.query("update customers set name = 'Ann  Bell', given_name = 'Ann'");
    const before = await rows();
    await client.query('update customers set "other Column" = 7, name = name, given_name = given_name');
    expect(await rows()).toEqual(before);
  });

  it('is written by ON CONFLICT from either release', async () => {
    await client.query("insert into customers (id, name) values (1, 'Ann Lee Bell') on conflict (id) do update set name = excluded.name");
    expect(await rows()).toEqual([both]);
    await client.query("insert into customers (id, given_name, family_name) values (1, 'Cy', 'Dee') on conflict (id) do update set given_name = excluded.given_name, family_name = excluded.family_name");
    expect(await rows()).toEqual([['Cy Dee', 'Cy', 'Dee']]);
  });
});

describe('a row that has not been filled back yet', () => {
  beforeEach(async () => {
    await client.query("insert into customers (id, name) values (1, 'Ann Lee Bell')");
    await create(client, splitName);
  });

  it('keeps the rest of its name when a new release writes a part of it', async () => {
    await client.query("update customers set given_name = 'Eve'");
    expect(await rows()).toEqual([['Eve Lee Bell', 'Eve', 'Lee Bell']]);
  });

  it('is filled by a write of the old release', async () => {
    await client.query("update customers set name = 'Cy Dee'");
    expect(await rows()).toEqual([['Cy Dee', 'Cy', 'Dee']]);
  });

  it('is filled by the backfill of the migration itself, whose old shape stays byte for byte', async () => {
    await client.query("update customers set name = 'Ann  Bell '"); // does not follow from its parts
    await client.query('update customers set given_name = null, family_name = null, name = name');
    await within(client, async () => {
      await client.query("set local meridian.backfill = 'shop/0042-split-name'");
      await client.query("update customers set name = 'Ann  Bell ', given_name = null, family_name = null");
      await client.query("update customers set given_name = 'Ann', family_name = 'Bell' where given_name is null");
    });
    expect(await rows()).toEqual([['Ann  Bell ', 'Ann', 'Bell']]);
  });

  it('is not left out by the backfill of another migration', async () => {
    await within(client, async () => {
      await client.query("set local meridian.backfill = 'shop/0043-other'");
      await client.query("update customers set name = 'Cy Dee'");
    });
    expect(await rows()).toEqual([['Cy Dee', 'Cy', 'Dee']]);
  });
});

describe('defaults and NOT NULL', () => {
  const status = { table: 'orders', from: ['state'], to: ['state_code'], using: { state: "case state_code when 1 then 'open' else 'new' end", state_code: "case state when 'open' then 1 else 0 end" } };
  const orders = () => rows('select state, state_code from orders order by id');

  it('do not count as given', async () => {
    await client.query("create table orders (id int primary key, state text not null default 'new', state_code int not null default 0)");
    await create(client, status);
    await client.query("insert into orders values (1, 'open'); insert into orders (id, state_code) values (2, 1); insert into orders (id) values (3)");
    expect(await orders()).toEqual([['open', 1], ['open', 1], ['new', 0]]);
  });

  it('of an old column without a default are met when a new release writes only the new one', async () => {
    await client.query('create table orders (id int primary key, state text not null, state_code int default 0)');
    await create(client, status);
    await client.query('insert into orders (id, state_code) values (1, 0); insert into orders (id) values (2)');
    expect(await orders()).toEqual([['new', 0], ['new', 0]]);
  });

  it('that are another value each time leave a written old shape to count', async () => {
    await client.query('create table keys (id int primary key, label text, code text default gen_random_uuid()::text)');
    await create(client, { table: 'keys', from: ['label'], to: ['code'], using: { label: 'code', code: 'label' } });
    await client.query("insert into keys (id, label) values (1, 'a')");
    expect(await rows('select label, code from keys')).toEqual([['a', 'a']]);
  });

  it('hold for types that have no equality, and for domains', async () => {
    await client.query(`create domain word as text default 'none'; create table words (id int primary key, old json, "New" word)`);
    await create(client, { table: 'words', from: ['old'], to: ['New'], using: { old: 'to_json("New"::text)', New: `old #>> '{}'` } });
    await client.query(`insert into words (id, old) values (1, '"a"'); insert into words (id, "New") values (2, 'b')`);
    await client.query(`update words set old = '"c"' where id = 1`);
    expect(await rows('select old, "New" from words order by id')).toEqual([['c', 'c'], ['b', 'b']]);
  });
});

describe('a domain', () => {
  it('that refuses what is only tried out refuses no write', async () => {
    await client.query(`create domain word as varchar(20) not null check (value <> 'x'); create domain filled as word check (value is not null);
      create table people (id int primary key, name filled, given_name text, family_name varchar(10))`);
    const parts = { ...splitName, table: 'people', using: { ...splitName.using, name: "given_name || ' ' || family_name" } };
    await client.query("insert into people values (1, 'Ann Bell')");
    await create(client, parts);
    await client.query("insert into people (id, name) values (2, 'Cy Dee'); update people set given_name = 'Eve' where id = 1; insert into people values (3, 'Bob Kay', 'Bob', 'Kay')");
    expect(await rows('select name, given_name, family_name from people order by id')).toEqual([['Eve Bell', 'Eve', 'Bell'], ['Cy Dee', 'Cy', 'Dee'], ['Bob Kay', 'Bob', 'Kay']]);
    await expect(client.query("update people set given_name = null where id = 2")).rejects.toThrow('domain filled does not allow null values');
  });
});

describe('the table', () => {
  it('may be partitioned, and a row that moves keeps what was written', async () => {
    await client.query(`drop table customers; create table customers (id int, name text, given_name text, family_name text) partition by range (id);
      create table low partition of customers for values from (0) to (10); create table high partition of customers for values from (10) to (20)`);
    await create(client, splitName);
    await client.query("insert into customers (id, name) values (1, 'Ann  Bell')");
    await client.query("update customers set id = 11, name = 'Cy  Dee'");
    expect(await rows('select id, name, given_name, family_name from high')).toEqual([[11, 'Cy  Dee', 'Cy', ' Dee']]);
    await create(client, splitName);
    await client.query('create table top partition of customers for values from (20) to (30)');
    await client.query("insert into customers (id, given_name) values (21, 'Eve')");
    expect(await rows('select name from top')).toEqual([['Eve']]);
    await drop(client, splitName);
    expect(await rows('select tgname from pg_trigger')).toEqual([]);
  });

  it('and its columns may have any name', async () => {
    const name = 'Robert\'); "drop" $$ \\ ü';
    const quoted = client.escapeIdentifier(name);
    await client.query(`create table ${quoted} (id int, "new" text, ${quoted} text, "select" text)`);
    await create(client, { table: name, from: ['new'], to: [name, 'select'], using: { new: quoted, [name]: '"new"', select: `upper(${quoted}."new") -- loud` } });
    await client.query(`insert into ${quoted} (id, "new") values (1, 'a')`);
    expect(await rows(`select * from ${quoted}`)).toEqual([[1, 'a', 'a', 'A']]);
  });

  it('is found by the search path, and an expression means for every session what it means for the migration', async () => {
    await client.query(`create schema sales; create table sales.clients (id int, old text, new text);
      create function sales.loud(text) returns text language sql immutable as 'select upper($1)'`);
    await client.query('set search_path = sales');
    await create(client, { table: 'clients', from: ['old'], to: ['new'], using: { old: 'lower(new)', new: 'loud(old)' } });
    await client.query('reset search_path');
    await client.query("insert into sales.clients values (1, 'a')");
    expect(await rows('select new from sales.clients')).toEqual([['A']]);
  });

  it('may change beside the trigger while sessions write to it', async () => {
    await create(client, splitName);
    await client.query("insert into customers (id, name) values (1, 'Bob Kay')");
    const other = await connect(url);
    await other.query('alter table customers drop column "other Column"; alter table customers add more int default 3');
    await client.query("update customers set name = 'Ann Lee Bell'");
    await other.end();
    expect(await rows()).toEqual([both]);
  });

  it('has the trigger fired after its own, whose result counts', async () => {
    await client.query(`create function trimmed() returns trigger language plpgsql as 'begin new.name := trim(new.name); return new; end';
      create trigger "young" before insert or update on customers for each row execute function trimmed()`);
    await create(client, splitName);
    await client.query("insert into customers (id, name) values (1, '  Ann Lee Bell ')");
    expect(await rows()).toEqual([both]);
  });
});

describe('a role that owns nothing', () => {
  it('writes what it may write, without any right to the schema of Meridian', async () => {
    await create(client, splitName);
    await client.query(`create role app_${count}; grant select, insert (id, name), update (name) on customers to app_${count}; set role app_${count}`);
    await client.query("insert into customers (id, name) values (1, 'Bob Kay')");
    await client.query("update customers set name = 'Ann Lee Bell'");
    expect(await rows()).toEqual([both]);
    await expect(client.query("update customers set given_name = 'Eve'")).rejects.toThrow('permission denied');
    await expect(client.query('select from meridian.anything')).rejects.toThrow('permission denied for schema meridian');
  });
});

describe('making and removing', () => {
  const made = () => rows(`select tgname, proname, obj_description(p.oid, 'pg_proc') from pg_trigger join pg_proc p on p.oid = tgfoid where not tgisinternal`);

  it('is the same twice', async () => {
    await create(client, splitName);
    await create(client, splitName);
    expect(await made()).toEqual([[
      expect.stringMatching(/^zz_meridian_0042_split_name_0_[0-9a-f]{8}$/),
      expect.stringMatching(/^sync_shop_0042_split_name_0_[0-9a-f]{8}$/),
      'Made by Meridian for the migration 0042-split-name of the pipeline shop: keeps name and given_name, family_name in step. Its contract or its undo removes it.',
    ]]);
    await drop(client, splitName);
    await drop(client, splitName);
    expect(await rows("select proname::text from pg_proc where pronamespace = 'meridian'::regnamespace union all select tgname from pg_trigger where not tgisinternal")).toEqual([]);
  });

  it('finds the table under the name that it has by then', async () => {
    await create(client, splitName);
    await client.query('alter table customers rename to people');
    await drop(client, splitName);
    expect(await made()).toEqual([]);
  });

  it('finds nothing to remove where the table or the schema is gone', async () => {
    await client.query('drop table customers; drop schema meridian');
    await drop(client, splitName);
    expect(await made()).toEqual([]);
  });

  it('gives long names that differ only at their end names of their own', async () => {
    const long = 'a'.repeat(62);
    for (const end of ['1', '2']) {
      await within(client, () => createSync(client, { pipeline: long, migration: { name: `${long}${end}`, sync: [{ ...splitName, using: {} }] } }));
    }
    expect(await made()).toHaveLength(2);
  });
});

describe('a statement of a contract or of a way back', () => {
  const fit = (sql: string): Promise<void> => within(client, async () => {
    await standAside(client, workOf(splitName));
    await client.query(sql);
    await fitSync(client, workOf(splitName));
  });
  const triggers = () => rows('select 1 from pg_trigger where not tgisinternal');

  it('takes the trigger with it together with its column, so that no write fails between the two', async () => {
    await client.query('alter table customers alter name set not null');
    await create(client, splitName);
    await fit('alter table customers alter name drop not null');
    expect(await triggers()).toHaveLength(1);
    await fit('alter table customers drop name');
    expect(await triggers()).toHaveLength(0);
    await client.query("insert into customers (id, given_name) values (1, 'Ann')");
  });

  it('brings the trigger with the column, and fills the column without its doing', async () => {
    await client.query("alter table customers drop name; insert into customers values (1, 'Mary Ann', 'Bell')");
    await fit('alter table customers add name text');
    expect(await triggers()).toHaveLength(1);
    await client.query("insert into customers (id, given_name, family_name) values (2, 'Cy', 'Dee')");
    await fit(`update customers set name = ${splitName.using.name} where name is null`);
    expect(await rows()).toEqual([['Mary Ann Bell', 'Mary Ann', 'Bell'], ['Cy Dee', 'Cy', 'Dee']]);
  });

  it('that takes the table away is let be', async () => {
    await create(client, splitName);
    await fit('drop table customers');
    expect(await rows("select from pg_proc where pronamespace = 'meridian'::regnamespace")).toEqual([[]]);
  });
});

describe('what does not fit', () => {
  it.each([
    ['a table that is not there', { table: 'nobody' }, 'there is no table nobody in the search path'],
    ['a column that is not there', { to: ['email'] }, 'the table public.customers has no column email'],
    ['a column that the expression does not see', { using: { given_name: 'id::text' } }, 'column "id" does not exist. It sees the columns name, given_name, family_name'],
    ['an expression of another type', { using: { given_name: 'now() - now()', name: '1 + given_name' } }, 'the expression of'],
    ['an expression that is none', { using: { given_name: 'split_part(' } }, 'syntax error'],
    ['an expression for a column of neither shape', { using: { id: '1' } }, 'makes the column id'],
  ])('is refused before there is a trigger: %s', async (_, part, message) => {
    await expect(create(client, { ...splitName, ...part })).rejects.toThrow(message);
    await expect(create(client, { ...splitName, ...part })).rejects.toMatchObject({ code: 'MigrationFailed', message: expect.stringMatching(/^0042-split-name, sync 1 \(/) });
  });

  it('is refused where it fails on the rows that are there, before it fails a client', async () => {
    await client.query("insert into customers (id, name, \"other Column\") values (1, 'Ann', 1)");
    const numbers = { table: 'customers', from: ['name'], to: ['other Column'], using: { 'other Column': 'name::int' } };
    await expect(create(client, numbers)).rejects.toThrow('0042-split-name, sync 1 (customers): the expression of other Column does not work: invalid input syntax for type integer: "Ann"');
  });

  it('is refused where the column is generated', async () => {
    await client.query("alter table customers add loud text generated always as (upper(name)) stored");
    await expect(create(client, { ...splitName, to: ['loud'], using: { loud: 'name' } })).rejects.toThrow('the column loud of public.customers is generated');
  });

  it('waits for no longer than the lock time-out of the transaction', async () => {
    const holder = await connect(url);
    await holder.query('begin; lock table customers in row exclusive mode');
    await expect(within(client, async () => {
      await client.query("set local lock_timeout = '50ms'");
      await createSync(client, workOf(splitName));
    })).rejects.toMatchObject({ code: '55P03' });
    await holder.end();
  });
});
