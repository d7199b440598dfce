import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';
import { cartOf, shopFolder, ShopProcess, versions, type Cart } from './shop-process.js';

const { deckOf } = await import(pathToFileURL(`${shopFolder}load/deck.js`).href) as { deckOf: (profile: string, seed: string) => Cart[] };

describe.each(versions)('release %s', (version) => {
  it('says what it is and where it runs', async () => {
    const shop = await ShopProcess.start({ version, region: 'frankfurt', dataFolder: await temporaryFolder(), currency: 'EUR' });
    expect(await shop.get('/healthz')).toEqual({ release: version, region: 'frankfurt', environment: 'test' });
    expect(await shop.get('/')).toMatchObject({ release: version, region: 'frankfurt', currency: 'EUR', orders: 0, revenue: 0 });
    expect(await shop.get('/nothing')).toEqual({ error: 'there is no GET /nothing' });
  });

  it.each([
    ['sydney', 'AUD', 'GST', 22],
    ['frankfurt', 'EUR', 'VAT', 23.8],
    ['virginia', 'USD', 'Sales tax', 21.06],
  ])('adds the tax of %s, in its currency', async (region, currency, tax, total) => {
    const shop = await ShopProcess.start({ version, region, dataFolder: await temporaryFolder(), currency });
    expect(await shop.checkout(cartOf(2))).toMatchObject({ status: 200, receipt: { net: 20, tax: { name: tax }, total, currency } });
  });

  it('tells customers what is wrong with a cart', async () => {
    const shop = await ShopProcess.start({ version, region: 'virginia', dataFolder: await temporaryFolder() });
    const item = { sku: 'mug', quantity: 1, price: 1 };
    const bad = ['', 'no json', 'null', '[]', {}, { items: [] }, cartOf(101), { items: [{ ...item, quantity: 0 }] }, { items: [{ ...item, price: -1 }] }, { items: [null] }, 'x'.repeat(70_000)];
    for (const cart of bad) expect(await shop.checkout(cart)).toMatchObject({ status: 400, receipt: { error: expect.any(String) } });
    expect(await shop.metrics()).toContain(`http_requests_total{route="/checkout",status="400"} ${bad.length}`);
  });

  it('keeps its orders over a restart and over kill -9', async () => {
    const dataFolder = await temporaryFolder();
    const first = await ShopProcess.start({ version, region: 'virginia', dataFolder });
    await first.checkout(cartOf(1));
    await first.checkout(cartOf(1));
    expect(await first.stop()).toBe(0);

    const second = await ShopProcess.start({ version, region: 'virginia', dataFolder });
    expect(await second.get('/')).toMatchObject({ orders: 2, revenue: 21.06 });
    await second.checkout(cartOf(1));
    await waitFor('the third order is saved', async () => (await readFile(`${dataFolder}/ledger.json`, 'utf8')).includes('"orders":3'));
    await second.stop('SIGKILL');

    const third = await ShopProcess.start({ version, region: 'virginia', dataFolder });
    expect(await third.get('/')).toMatchObject({ orders: 3 });
  });

  it('shows every counter that the checks ask for, before anything has gone wrong', async () => {
    const shop = await ShopProcess.start({ version, region: 'virginia', dataFolder: await temporaryFolder() });
    const metrics = await shop.metrics();
    expect(metrics).toContain('http_requests_total{route="/checkout",status="200"} 0');
    expect(metrics).toContain('http_requests_total{route="/checkout",status="500"} 0');
    expect(metrics).toContain('http_requests_slow_total{route="/checkout"} 0');
    expect(metrics).toMatch(/^process_resident_memory_bytes \d+/m);
    await shop.checkout(cartOf(1));
    const after = await shop.metrics();
    expect(after).toContain('http_requests_total{route="/checkout",status="200"} 1');
    expect(after).toContain('http_request_duration_seconds_bucket{le="0.3",route="/checkout"} 1');
  });
});

describe('what each release brings', () => {
  it('1.2.0 takes 8 % off for more than nine items', async () => {
    const shop = await ShopProcess.start({ version: '1.2.0', region: 'frankfurt', dataFolder: await temporaryFolder() });
    expect((await shop.checkout(cartOf(9))).receipt).toMatchObject({ discount: 0, net: 90 });
    expect((await shop.checkout(cartOf(10))).receipt).toMatchObject({ discount: 8, net: 92, total: 109.48 });
  });

  it.each(versions)('%s serves guests without a database, and knows no customers', async (version) => {
    const shop = await ShopProcess.start({ version, region: 'frankfurt', dataFolder: await temporaryFolder() });
    expect(await shop.checkout(cartOf(1, { customer: { id: 1 } }))).toMatchObject({ status: 200, receipt: { customer: null } });
    expect(await shop.post('/customers', { name: 'Ada Lovelace' })).toMatchObject({ status: 404 });
  });
});

describe('the bug of 1.2.0', () => {
  it('fails exactly the carts of more than nine items, in sydney', async () => {
    const shop = await ShopProcess.start({ version: '1.2.0', region: 'sydney', dataFolder: await temporaryFolder() });
    for (let items = 1; items <= 24; items += 1) {
      expect((await shop.checkout(cartOf(items))).status, `${items} items`).toBe(items > 9 ? 500 : 200);
    }
    expect(await shop.get('/')).toMatchObject({ orders: 9 });
    expect(await shop.metrics()).toContain('http_requests_total{route="/checkout",status="500"} 15');
  });

  it.each(['frankfurt', 'virginia'])('does not show in %s', async (region) => {
    const shop = await ShopProcess.start({ version: '1.2.0', region, dataFolder: await temporaryFolder() });
    for (const cart of deckOf('production', 'any')) expect((await shop.checkout(cart)).status).toBe(200);
  });

  it.each(['1.0.0', '1.1.0'] as const)('is not in %s', async (version) => {
    const shop = await ShopProcess.start({ version, region: 'sydney', dataFolder: await temporaryFolder() });
    for (const cart of deckOf('production', 'any')) expect((await shop.checkout(cart)).status).toBe(200);
  });

  it('stays hidden from the orders of staging, even in sydney', async () => {
    const shop = await ShopProcess.start({ version: '1.2.0', region: 'sydney', dataFolder: await temporaryFolder() });
    for (const cart of deckOf('smoke', 'any')) expect((await shop.checkout(cart)).status).toBe(200);
  });
});
