import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { known, listener, never, newRegion, shapeOf, splitName, stepOf } from './region-database.js';

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const name = '0042-split-name';
const step = stepOf([splitName]);

async function expanded() {
  const region = await newRegion(server);
  await region.database.expand(step, listener(), never);
  return region;
}

describe('a contract', () => {
  it('takes the old shape away', async () => {
    const region = await expanded();
    expect(await region.database.contract(step, listener(), never)).toEqual({ [name]: 'contracted' });
    expect((await shapeOf(region)).columns).toEqual(['id', 'given_name', 'family_name']);
  });

  it('does nothing the second time, and no expand does anything after it', async () => {
    const region = await expanded();
    await region.database.contract(step, listener(), never);
    expect(await region.database.contract(step, listener(), never)).toEqual({ [name]: 'contracted' });
    expect(await region.database.expand(stepOf([splitName], { rollout: 'shop-2' }), listener(), never)).toEqual({ [name]: 'contracted' });
    expect((await shapeOf(region)).columns).toEqual(['id', 'given_name', 'family_name']);
  });

  it('is too early where the migration was never expanded', async () => {
    const region = await newRegion(server);
    await expect(region.database.contract(step, listener(), never)).rejects.toMatchObject({ code: 'ContractTooEarly', retryable: false, message: expect.stringContaining('never expanded') });
  });

  it('is too early where the expand stopped half-way, and then touches none of its migrations', async () => {
    const region = await expanded();
    const half = known({ name: '0043', expand: { up: 'select 1 / 0', down: 'select 1' }, contract: { up: 'select 1' } });
    await expect(region.database.expand(stepOf([half]), listener(), never)).rejects.toThrow('division by zero');
    await expect(region.database.contract(stepOf([splitName, half]), listener(), never)).rejects.toMatchObject({ code: 'ContractTooEarly', message: expect.stringContaining('0043') });
    expect(await region.database.schema(step, never)).toEqual({ [name]: 'expanded', '0043': 'expanding' });
  });

  it('that the migration does not have is refused', async () => {
    const region = await expanded();
    const { contract: _none, ...without } = splitName;
    await expect(region.database.contract(stepOf([known({ name, expand: without.expand })]), listener(), never)).rejects.toMatchObject({ code: 'MigrationRefused' });
  });

  it('that stopped half-way is contracting, and goes on where it was', async () => {
    const region = await newRegion(server);
    const migration = known({ ...splitName, contract: { up: 'alter table customers drop column name; drop table legacy' } });
    await region.database.expand(stepOf([migration]), listener(), never);
    await expect(region.database.contract(stepOf([migration]), listener(), never)).rejects.toThrow('statement 2 of 2');
    expect(await region.database.schema(step, never)).toEqual({ [name]: 'contracting' });
    await region.ask('create table legacy ()');
    expect(await region.database.contract(stepOf([migration]), listener(), never)).toEqual({ [name]: 'contracted' });
  });

  it('leaves an expand that nobody claims any more where it is', async () => {
    const region = await expanded();
    await region.database.contract(step, listener(), never);
    expect(await region.database.undoExpand(step, never)).toEqual({ schema: { [name]: 'contracted' }, kept: [] });
    expect((await shapeOf(region)).columns).toEqual(['id', 'given_name', 'family_name']);
  });
});

describe('the undo of a contract', () => {
  const synced = known({
    name: 'label',
    expand: { up: 'alter table customers add label text', down: 'alter table customers drop column if exists label' },
    sync: [{ table: 'customers', from: ['name'], to: ['label'], using: { label: 'upper(name)', name: 'lower(label)' } }],
    contract: { up: 'alter table customers drop column name', down: "alter table customers add name text; update customers set name = lower(label)" },
  });
  const triggers = "select count(*)::int as n from pg_trigger where tgrelid = 'customers'::regclass and not tgisinternal";

  it('puts the old shape back, and the triggers', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([synced]), listener(), never);
    expect(await region.ask(triggers)).toEqual([{ n: 1 }]);
    await region.database.contract(stepOf([synced]), listener(), never);
    expect(await region.ask(triggers)).toEqual([{ n: 0 }]);
    expect(await region.database.undoContract(stepOf([synced]), never)).toEqual({ label: 'expanded' });
    await region.ask("insert into customers (id, name) values (102, 'Eve')");
    expect(await region.ask('select label from customers where id = 102')).toEqual([{ label: 'EVE' }]);
  });

  const filled = "select count(*)::int as n from customers where name = lower(label) and label is not null";

  it('makes the old shape of every row by `using` before the next statement, which may rely on it', async () => {
    const region = await newRegion(server);
    const required = known({
      ...synced,
      backfill: { sql: 'update customers set label = upper(name) where id between $1 and $2', batch: 7, pause: '0s' },
      contract: {
        up: synced.contract!.up,
        down: `alter table customers add column if not exists name text; alter table customers drop constraint if exists named; alter table customers add constraint named check (name is not null) not valid;
          alter table customers validate constraint named; alter table customers alter name set not null; alter table customers drop constraint named`,
      },
    });
    await region.database.expand(stepOf([required]), listener(), never);
    await region.database.contract(stepOf([required]), listener(), never);
    await region.ask("insert into customers (id, label) values (101, 'EVE')");
    expect(await region.database.undoContract(stepOf([required]), never)).toEqual({ label: 'expanded' });
    expect(await region.ask(filled)).toEqual([{ n: 101 }]);
    await expect(region.ask('update customers set name = null')).rejects.toThrow('not-null');
  });

  it('goes on in the midst of the rows, and leaves what was written meanwhile', async () => {
    const region = await newRegion(server);
    const slow = known({
      ...synced, backfill: { sql: 'update customers set label = upper(name) where id between $1 and $2', batch: 10, pause: '0s' },
      contract: { up: synced.contract!.up, down: "alter table customers add column if not exists name text default '', add constraint fine check (id <> 55 or name = '') not valid" },
    });
    await region.database.expand(stepOf([slow]), listener(), never);
    await region.database.contract(stepOf([slow]), listener(), never);
    await expect(region.database.undoContract(stepOf([slow]), never)).rejects.toMatchObject({ code: 'MigrationFailed', message: expect.stringContaining('label, contract.down, backfill, keys 51 to 60') });
    expect(await region.ask(filled)).toEqual([{ n: 50 }]);
    expect(await region.ask("select checkpoint, rows::int from meridian.migrations where phase = 'contract'")).toEqual([{ checkpoint: { 0: { after: '50' } }, rows: 50 }]);
    await region.ask("update customers set name = 'By hand' where id = 70");
    await region.ask('alter table customers drop constraint fine');
    expect(await region.database.undoContract(stepOf([slow]), never)).toEqual({ label: 'expanded' });
    expect(await region.ask(filled)).toEqual([{ n: 99 }]);
    expect(await region.ask('select name, label from customers where id = 70')).toEqual([{ name: 'By hand', label: 'BY HAND' }]);
  });

  it('fills a column at its default, also where the new shape would follow from that', async () => {
    const region = await newRegion(server);
    const status = known({
      name: 'status',
      expand: { up: 'alter table customers add open boolean', down: 'alter table customers drop column if exists open' },
      sync: [{ table: 'customers', from: ['status'], to: ['open'], using: { open: "status ~ '^open'", status: "case when open then 'open' else 'closed' end" } }],
      contract: { up: 'alter table customers drop column status', down: "alter table customers add column if not exists status varchar(9) not null default ''" },
    });
    await region.ask("alter table customers add status varchar(9) not null default ''");
    await region.database.expand(stepOf([status]), listener(), never);
    await region.ask('update customers set open = id > 1');
    await region.database.contract(stepOf([status]), listener(), never);
    await region.database.undoContract(stepOf([status]), never);
    expect(await region.ask('select distinct status, open from customers order by open')).toEqual([{ status: 'closed', open: false }, { status: 'open', open: true }]);
  });

  it('fills a table that has no key in one statement', async () => {
    const region = await newRegion(server);
    await region.ask('alter table customers drop constraint customers_pkey');
    const down = known({ ...synced, contract: { up: synced.contract!.up, down: 'alter table customers add column if not exists name text' } });
    await region.database.expand(stepOf([down]), listener(), never);
    await region.ask('update customers set label = upper(name)');
    await region.database.contract(stepOf([down]), listener(), never);
    await region.database.undoContract(stepOf([down]), never);
    expect(await region.ask(filled)).toEqual([{ n: 100 }]);
  });

  it('writes no row where the columns had never gone', async () => {
    const region = await newRegion(server);
    const half = known({ ...synced, contract: { up: 'create table gone (); select 1 / 0', down: 'drop table if exists gone' } });
    await region.database.expand(stepOf([half]), listener(), never);
    await expect(region.database.contract(stepOf([half]), listener(), never)).rejects.toThrow('division by zero');
    const before = await region.ask('select id, xmin::text from customers order by id');
    await region.database.undoContract(stepOf([half]), never);
    expect(await region.ask('select id, xmin::text from customers order by id')).toEqual(before);
  });

  it('puts only the triggers back where nothing else had gone', async () => {
    const region = await newRegion(server);
    const failing = known({ ...synced, contract: { up: 'select 1 / 0', down: 'drop table nowhere' } });
    await region.database.expand(stepOf([failing]), listener(), never);
    await expect(region.database.contract(stepOf([failing]), listener(), never)).rejects.toThrow('division by zero');
    expect(await region.database.undoContract(stepOf([failing]), never)).toEqual({ label: 'expanded' });
    expect(await region.ask(triggers)).toEqual([{ n: 1 }]);
  });

  it('does nothing where there was no contract', async () => {
    const region = await expanded();
    expect(await region.database.undoContract(step, never)).toEqual({ [name]: 'expanded' });
  });

  it('that has no way back says to roll forward', async () => {
    const region = await newRegion(server);
    const oneWay = known({ ...splitName, contract: { up: 'alter table customers drop column name' } });
    await region.database.expand(stepOf([oneWay]), listener(), never);
    await region.database.contract(stepOf([oneWay]), listener(), never);
    await expect(region.database.undoContract(stepOf([oneWay]), never)).rejects.toMatchObject({ code: 'MigrationFailed', message: expect.stringContaining('Roll forward') });
  });

  it('that has stopped half-way is contracting, and is finished before it is contracted anew', async () => {
    const region = await newRegion(server);
    const stuck = known({ ...splitName, contract: { up: splitName.contract!.up, down: `${splitName.contract!.down} drop table blocked` } });
    await region.database.expand(stepOf([stuck]), listener(), never);
    await region.database.contract(stepOf([stuck]), listener(), never);
    await expect(region.database.undoContract(stepOf([stuck]), never)).rejects.toThrow('"blocked" does not exist');
    expect(await region.database.schema(step, never)).toEqual({ [name]: 'contracting' });
    await region.ask('create table blocked ()');
    expect(await region.database.contract(stepOf([stuck]), listener(), never)).toEqual({ [name]: 'contracted' });
    expect((await shapeOf(region)).columns).toEqual(['id', 'given_name', 'family_name']);
  });

  it('lets the expand be taken back after it', async () => {
    const region = await expanded();
    await region.database.contract(step, listener(), never);
    await region.database.undoContract(step, never);
    expect(await region.database.undoExpand(step, never)).toEqual({ schema: {}, kept: [] });
    expect(await shapeOf(region)).toEqual({ columns: ['id', 'name'], indexes: ['customers_pkey'] });
  });
});
