import { expect, it } from 'vitest';
import { withClient } from '../../src/embedded/postgres/connect.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { useShopDatabases } from './shop-databases.js';
import { cartOf, ShopProcess, type Version } from './shop-process.js';
import { never, openShopSchema, quiet } from './shop-schema.js';

const databases = useShopDatabases();

const start = async (version: Version, databaseUrl: string): Promise<ShopProcess> =>
  await ShopProcess.start({ version, region: 'frankfurt', dataFolder: await temporaryFolder(), databaseUrl });

/** A database in which the names are split, with both shapes. */
async function expanded(): Promise<string> {
  const url = await databases.create();
  const { region, step } = await openShopSchema(url);
  expect(await region.expand(step, quiet, never)).toEqual({ '0001-split-name': 'expanded' });
  return url;
}

it('has 50,000 customers from the start, each with a name of two parts', async () => {
  const { rows } = await withClient(await databases.create(), (client) =>
    client.query(`select count(*)::int, min(id)::int as first, max(id)::int as last, min(orders) as fewest, max(orders) as most from customers where name like '_% _%'`));
  expect(rows).toEqual([{ count: 50_000, first: 1, last: 50_000, fewest: 0, most: 19 }]);
});

it('1.0.0 works on the database as it was: it finds, registers and renames customers', async () => {
  const shop = await start('1.0.0', await databases.create());
  expect((await shop.checkout(cartOf(1, { customer: { id: 1 } }))).receipt).toMatchObject({ customer: 'Ada Allen' });
  expect((await shop.checkout(cartOf(1, { customer: { id: 60_000 } }))).receipt).toMatchObject({ customer: null });
  expect(await shop.post('/customers', { name: ' Radia Perlman ' })).toEqual({ status: 201, answer: { id: 50_001, name: 'Radia Perlman' } });
  expect(await shop.post('/customers', { id: 1, name: 'Ada King' })).toEqual({ status: 200, answer: { id: 1, name: 'Ada King' } });
  expect((await shop.checkout(cartOf(1, { customer: { id: 1 } }))).receipt).toMatchObject({ customer: 'Ada King' });
  expect(await shop.post('/customers', { id: 60_000, name: 'Nobody' })).toMatchObject({ status: 404 });
  for (const bad of ['no json', {}, { name: '' }, { name: ' ' }, { name: 1 }, { name: 'x'.repeat(201) }]) expect(await shop.post('/customers', bad)).toMatchObject({ status: 400 });
});

it.each(['1.1.0', '1.2.0'] as const)('%s and 1.0.0 work side by side while both shapes are there: each finds what the other has written', async (version) => {
  const url = await expanded();
  const [old, next] = await Promise.all([start('1.0.0', url), start(version, url)]);
  const customerOf = async (shop: ShopProcess, id: number): Promise<unknown> => (await shop.checkout(cartOf(1, { customer: { id } }))).receipt.customer;
  for (const name of ['Grace Hopper', 'Plato', 'Ludwig van der Rohe', "Conan  O'Brien"]) {
    for (const [writer, reader] of [[old, next], [next, old]] as const) {
      const { id } = (await writer.post('/customers', { name })).answer as { id: number };
      expect(await customerOf(reader, id)).toBe(name);
      await writer.post('/customers', { id: 7, name });
      expect(await customerOf(reader, 7)).toBe(name);
    }
  }
  expect(await customerOf(next, 8), 'a name that was there before').toBe(await customerOf(old, 8));
});

it('1.1.0 works on without the old shape, and 1.0.0 works again once it is put back', async () => {
  const url = await expanded();
  const next = await start('1.1.0', url);
  const { region, step } = await openShopSchema(url);
  await region.contract(step, quiet, never);
  const { id } = (await next.post('/customers', { name: 'Barbara Liskov' })).answer as { id: number };
  expect((await next.checkout(cartOf(1, { customer: { id } }))).receipt).toMatchObject({ customer: 'Barbara Liskov' });

  await region.undoContract(step, never);
  const old = await start('1.0.0', url);
  for (const [known, name] of [[id, 'Barbara Liskov'], [1, 'Ada Allen']] as const) {
    expect((await old.checkout(cartOf(1, { customer: { id: known } }))).receipt).toMatchObject({ customer: name });
  }
});

it('is as it was before, without a trace, when the expand is taken back', async () => {
  const url = await databases.create();
  const columns = () => withClient(url, async (client) => (await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'customers' order by ordinal_position`)).rows.map(({ name }) => name));
  const before = await columns();
  const { region, step } = await openShopSchema(url);
  await region.expand(step, quiet, never);
  expect(await columns()).toEqual([...before, 'given_name', 'family_name']);
  await region.undoExpand(step, never);
  expect(await columns()).toEqual(before);
  expect(await (await start('1.0.0', url)).post('/customers', { id: 1, name: 'Ada King' })).toMatchObject({ status: 200 });
});

it('1.1.0 takes 5 % off for customers with ten orders or more, 1.0.0 does not', async () => {
  const url = await expanded();
  const [old, next] = await Promise.all([start('1.0.0', url), start('1.1.0', url)]);
  const [few, loyal] = [{ customer: { id: 1 } }, { customer: { id: 500 * 10 + 1 } }]; // no orders, and ten
  expect((await old.checkout(cartOf(2, loyal))).receipt).toMatchObject({ net: 20 });
  expect((await next.checkout(cartOf(2, loyal))).receipt).toMatchObject({ discount: 1, net: 19 });
  expect((await next.checkout(cartOf(2, few))).receipt).toMatchObject({ discount: 0, net: 20 });
});
