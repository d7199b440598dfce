import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { known, listener, never, newRegion, shapeOf, splitName, stepOf } from './region-database.js';

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const before = { columns: ['id', 'name'], indexes: ['customers_pkey'] };
const after = { columns: ['id', 'name', 'given_name', 'family_name'], indexes: ['customers_family', 'customers_pkey'] };

describe('an expand', () => {
  it('gives the database the new shape beside the old one, and says so in the ledger', async () => {
    const region = await newRegion(server);
    expect(await region.database.schema(stepOf([]), never)).toEqual({});
    const progress = listener();
    expect(await region.database.expand(stepOf([splitName]), progress, never)).toEqual({ '0042-split-name': 'expanded' });
    expect(await shapeOf(region)).toEqual(after);
    expect(progress.said).toContain('0042-split-name, expand.up: statement 2 of 3');
    expect(await region.ask('select pipeline, name, phase, state, statements, rollout from meridian.migrations')).toEqual(
      [{ pipeline: 'shop', name: '0042-split-name', phase: 'expand', state: 'done', statements: 3, rollout: 'shop-1' }],
    );
    expect(await region.ask('select phase, what, place, rollout from meridian.log order by id')).toEqual(
      ['claimed', 'begun', 'done'].map((what) => ({ phase: 'expand', what, place: 'production/frankfurt', rollout: 'shop-1' })),
    );
  });

  it('does nothing the second time', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([splitName]), listener(), never);
    const log = await region.ask('select * from meridian.log');
    expect(await region.database.expand(stepOf([splitName], { rollout: 'shop-2' }), listener(), never)).toEqual({ '0042-split-name': 'expanded' });
    expect(await region.ask('select * from meridian.log')).toEqual(log);
  });

  it('keeps the migrations of two pipelines in one database apart', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([splitName]), listener(), never);
    expect(await region.database.schema({ ...stepOf([]), pipeline: 'billing' }, never)).toEqual({});
  });

  it('goes on at the statement that failed, once that can succeed', async () => {
    const region = await newRegion(server);
    const migration = known({ name: 'two', expand: { up: 'alter table customers add a int; alter table orders add b int', down: 'select 1' } });
    await expect(region.database.expand(stepOf([migration]), listener(), never)).rejects.toMatchObject({ code: 'MigrationFailed' });
    expect(await region.database.schema(stepOf([]), never)).toEqual({ two: 'expanding' });
    await region.ask('create table orders (id int)');
    expect(await region.database.expand(stepOf([migration]), listener(), never)).toEqual({ two: 'expanded' });
  });

  it('leaves a statement that failed without a trace, and those before it counted', async () => {
    const region = await newRegion(server);
    const migration = known({ name: 'late', expand: { up: 'alter table customers add a int; insert into customers select 1000 + id, name from customers; select 1 / 0;', down: 'select 1' } });
    await expect(region.database.expand(stepOf([migration]), listener(), never)).rejects.toThrow('statement 3 of 3');
    await expect(region.database.expand(stepOf([migration]), listener(), never)).rejects.toThrow('statement 3 of 3');
    expect(await region.ask('select count(*)::int as n from customers')).toEqual([{ n: 200 }]);
  });

  it('counts a statement together with what it does, or not at all', async () => {
    const region = await newRegion(server);
    const migration = known({ name: 'pair', expand: { up: 'alter table customers add a int; alter table customers add b int', down: 'select 1' } });
    await region.database.expand(stepOf([known({ name: 'first', expand: { up: 'select 1', down: 'select 1' } })]), listener(), never);
    await region.ask("create function refuse() returns trigger language plpgsql as $$ begin raise 'not counted'; end $$");
    await region.ask('create trigger refuse before update on meridian.migrations for each row when (new.statements = 2) execute function refuse()');
    await expect(region.database.expand(stepOf([migration]), listener(), never)).rejects.toThrow('not counted');
    expect(await shapeOf(region)).toMatchObject({ columns: ['id', 'name', 'a'] });
    await region.ask('drop trigger refuse on meridian.migrations');
    expect(await region.database.expand(stepOf([migration]), listener(), never)).toMatchObject({ pair: 'expanded' });
  });

  it('builds an index again that it finds invalid, and counts one that was finished as done', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([splitName]), listener(), never);
    // As if the worker had died in the last statement: it is begun and not counted.
    await region.ask("update meridian.migrations set state = 'running', statements = 2");
    await region.database.expand(stepOf([splitName]), listener(), never);
    expect(await shapeOf(region)).toEqual(after);
    await region.ask("update meridian.migrations set state = 'running', statements = 2");
    await region.ask("update pg_index set indisvalid = false where indexrelid = 'customers_family'::regclass");
    await region.database.expand(stepOf([splitName]), listener(), never);
    expect(await shapeOf(region)).toEqual(after);
  });

  it('does not take an index of that name that is somebody else\'s for its own', async () => {
    const region = await newRegion(server);
    await region.ask('create index customers_family on customers (name)');
    const attempt = () => region.database.expand(stepOf([splitName]), listener(), never);
    await expect(attempt()).rejects.toThrow('"customers_family" already exists');
    await expect(attempt()).rejects.toThrow('"customers_family" already exists');
  });

  it('leaves no invalid index behind when rows are not unique', async () => {
    const region = await newRegion(server);
    const migration = known({ name: 'unique', expand: { up: 'create unique index concurrently if not exists one_name on customers ((1))', down: 'drop index concurrently if exists one_name' } });
    await expect(region.database.expand(stepOf([migration]), listener(), never)).rejects.toMatchObject({ code: 'MigrationFailed', retryable: false });
    expect(await shapeOf(region)).toEqual(before);
  });

  it('keeps old and new columns in step from then on, and fills back what was there', async () => {
    const region = await newRegion(server);
    const migration = known({
      name: 'mail',
      expand: { up: 'alter table customers add label text', down: 'alter table customers drop column if exists label' },
      backfill: { sql: 'update customers set label = upper(name) where id between $1 and $2', batch: 30, pause: '0s' },
      sync: [{ table: 'customers', from: ['name'], to: ['label'], using: { label: 'upper(name)', name: 'lower(label)' } }],
    });
    expect(await region.database.expand(stepOf([migration]), listener(), never)).toEqual({ mail: 'expanded' });
    await region.ask("insert into customers (id, name) values (101, 'Zoe')");
    expect(await region.ask('select count(*)::int as n from customers where label = upper(name)')).toEqual([{ n: 101 }]);
  });
});

describe('the undo of an expand', () => {
  it('takes everything back, and lets it be expanded again later', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([splitName]), listener(), never);
    expect(await region.database.undoExpand(stepOf([splitName]), never)).toEqual({ schema: {}, kept: [] });
    expect(await shapeOf(region)).toEqual(before);
    expect(await region.ask('select (select count(*) from meridian.migrations) + (select count(*) from meridian.claims) as n')).toEqual([{ n: '0' }]);
    expect((await region.ask('select what from meridian.log order by id')).map(({ what }) => what as string))
      .toEqual(['claimed', 'begun', 'done', 'claim given up', 'undo begun', 'undone']);
    expect(await region.database.expand(stepOf([splitName], { rollout: 'shop-9' }), listener(), never)).toEqual({ '0042-split-name': 'expanded' });
    expect(await shapeOf(region)).toEqual(after);
  });

  it('takes back one that has stopped half-way', async () => {
    const region = await newRegion(server);
    const half = known({ ...splitName, expand: { ...splitName.expand, up: `alter table customers add given_name text; select 1 / 0` } });
    await expect(region.database.expand(stepOf([half]), listener(), never)).rejects.toThrow('division by zero');
    expect(await region.database.undoExpand(stepOf([half]), never)).toEqual({ schema: {}, kept: [] });
    expect(await shapeOf(region)).toEqual(before);
  });

  it('keeps what another place still claims, and says who', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([splitName]), listener(), never);
    await region.database.expand(stepOf([splitName], { place: 'production/sydney' }), listener(), never);
    expect(await region.database.undoExpand(stepOf([splitName]), never))
      .toEqual({ schema: { '0042-split-name': 'expanded' }, kept: [{ migration: '0042-split-name', claimedBy: ['production/sydney'] }] });
    expect(await shapeOf(region)).toEqual(after);
    expect(await region.database.undoExpand(stepOf([splitName], { place: 'production/sydney' }), never)).toEqual({ schema: {}, kept: [] });
    expect(await shapeOf(region)).toEqual(before);
  });

  it('does not give up what an earlier rollout has claimed', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([splitName]), listener(), never);
    await region.database.expand(stepOf([splitName], { rollout: 'shop-2' }), listener(), never);
    const { kept } = await region.database.undoExpand(stepOf([splitName], { rollout: 'shop-2' }), never);
    expect(kept).toEqual([{ migration: '0042-split-name', claimedBy: ['production/frankfurt'] }]);
    expect(await shapeOf(region)).toEqual(after);
  });

  it('goes on after an attempt that gave up the claim and no more', async () => {
    const region = await newRegion(server);
    await region.database.expand(stepOf([splitName]), listener(), never);
    await region.ask('delete from meridian.claims');
    expect(await region.database.undoExpand(stepOf([splitName]), never)).toEqual({ schema: {}, kept: [] });
    expect(await shapeOf(region)).toEqual(before);
  });

  it('goes in the reverse order of the migrations', async () => {
    const region = await newRegion(server);
    const first = known({ name: '1', expand: { up: 'create table parents (id int primary key)', down: 'drop table if exists parents' } });
    const second = known({ name: '2', expand: { up: 'create table children (parent int references parents)', down: 'drop table if exists children' } });
    await region.database.expand(stepOf([first, second]), listener(), never);
    expect(await region.database.undoExpand(stepOf([first, second]), never)).toEqual({ schema: {}, kept: [] });
  });

  it('that has stopped half-way is not whole, and is finished before it is expanded anew', async () => {
    const region = await newRegion(server);
    const stuck = known({ ...splitName, expand: { ...splitName.expand, down: `${splitName.expand.down} drop table blocked` } });
    await region.database.expand(stepOf([stuck]), listener(), never);
    await expect(region.database.undoExpand(stepOf([stuck]), never)).rejects.toThrow('"blocked" does not exist');
    expect(await region.database.schema(stepOf([]), never)).toEqual({ '0042-split-name': 'expanding' });
    await region.ask('create table blocked ()');
    expect(await region.database.expand(stepOf([stuck], { rollout: 'shop-2' }), listener(), never)).toEqual({ '0042-split-name': 'expanded' });
    expect(await shapeOf(region)).toEqual(after);
  });
});
