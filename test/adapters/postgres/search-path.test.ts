import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { postgresDatabase } from '../../../src/adapters/postgres/database.js';
import { known, listener, never, newRegion, settingsOf, stepOf } from './region-database.js';

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const first = known({ name: '0001', expand: { up: 'create table first ()', down: 'drop table if exists first' } });
const second = known({
  name: '0002',
  expand: { up: 'create table second (); alter table customers add label text', down: 'drop table if exists second; alter table customers drop column if exists label' },
  sync: [{ table: 'customers', from: ['name'], to: ['label'], using: { label: 'upper(name)', name: 'lower(label)' } }],
});

/** A region whose URL is that of a role of this name, with a search path of its own where one is given. */
async function regionOf(role: string, searchPath?: string) {
  const region = await newRegion(server);
  const quoted = `"${role}"`;
  if ((await region.ask('select from pg_roles where rolname = $1', [role])).length === 0) await region.ask(`create role ${quoted} superuser login password 'secret'`);
  await region.ask(`alter role ${quoted} ${searchPath === undefined ? 'reset search_path' : `set search_path = ${searchPath}`}`);
  const url = new URL(region.url);
  url.username = role;
  url.password = 'secret';
  return { ...region, database: postgresDatabase()(settingsOf(url.href)) };
}

const placesOf = "select relname::text as name, relnamespace::regnamespace::text as schema from pg_class where relname in ('first', 'second', 'customers') order by 1";
const inSchema = (schema: string) => [{ name: 'customers', schema: 'public' }, { name: 'first', schema }, { name: 'second', schema }];

describe('what a migration makes lands where the application looks for it', () => {
  it.each([
    ['meridian', undefined], ['meridian', '"$user", "public"'], ['app', 'meridian, public'], ['app', 'MERIDIAN,Public'], ['app', undefined], ['app', '"no such", public'],
  ])('also after the ledger is there: role %s, search_path %s', async (role, searchPath) => {
    const { ask, database } = await regionOf(role, searchPath);
    await database.expand(stepOf([first]), listener(), never);
    await database.expand(stepOf([second]), listener(), never);
    expect(await ask(placesOf)).toEqual(inSchema('public'));
    expect(await ask("select count(*)::int as n from pg_trigger where tgrelid = 'public.customers'::regclass")).toEqual([{ n: 1 }]);
    await database.undoExpand(stepOf([first, second]), never);
    expect(await ask(placesOf)).toEqual([{ name: 'customers', schema: 'public' }]);
  });

  it('and in the schema of its role where that has one', async () => {
    const { ask, database } = await regionOf('own');
    await ask('create schema own');
    await database.expand(stepOf([first]), listener(), never);
    await database.expand(stepOf([second]), listener(), never);
    expect(await ask(placesOf)).toEqual(inSchema('own'));
  });
});
