import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitFor } from '../support/wait-for.js';
import { shopFolder, ShopProcess, type Cart } from './shop-process.js';

const { deckOf } = await import(pathToFileURL(`${shopFolder}load/deck.js`).href) as { deckOf: (profile: string, seed: string) => Cart[] };
const { parseArguments } = await import(pathToFileURL(`${shopFolder}load/arguments.js`).href) as {
  parseArguments: (argv: string[]) => { targets: { name: string; rate: number }[]; seed: string };
};

interface Weather { pace: number; advance(seconds: number): void; next(): string }
const { Noise } = await import(pathToFileURL(`${shopFolder}load/noise.js`).href) as { Noise: new (share: number, region: string, seed: string) => Weather };

type Counts = Record<string, { sent: number; statuses: Record<string, number>; errors: Record<string, number>; skipped: number }>;

function startLoad(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [`${shopFolder}load.js`, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => { child.kill('SIGKILL'); });
  return child;
}

/** What the load generator prints when it ends. */
async function countsOf(child: ChildProcess): Promise<Counts> {
  const [output] = await Promise.all([text(child.stdout!), once(child, 'close')]);
  return JSON.parse(output) as Counts;
}

const ordersOf = async (shop: ShopProcess): Promise<number> => (await shop.get('/')).orders as number;

describe('a deck', () => {
  it.each(['', 'sydney', 'virginia', 'any other seed'])('holds exactly four carts of more than nine items in any hundred orders in a row (seed %j)', (seed) => {
    const dealt = [...deckOf('production', seed), ...deckOf('production', seed)];
    for (let first = 0; first <= 100; first += 1) {
      expect(dealt.slice(first, first + 100).filter((cart) => cart.items.length > 9)).toHaveLength(4);
    }
  });

  it('holds only small carts for a smoke test', () => {
    expect(Math.max(...deckOf('smoke', 'any').map((cart) => cart.items.length))).toBe(3);
  });

  it('is the same for the same seed, another one for another, and well shuffled', () => {
    const sizes = (seed: string): number[] => deckOf('production', seed).map((cart) => cart.items.length);
    expect(deckOf('production', 'a')).toEqual(deckOf('production', 'a'));
    expect(sizes('a')).not.toEqual(sizes('b'));
    expect(sizes('a').toSorted((x, y) => x - y)).toEqual(sizes('b').toSorted((x, y) => x - y));
    expect(sizes('a').slice(0, 4)).not.toEqual([10, 12, 15, 24]);
  });
});

describe('the rate', () => {
  it('is divided by weight among the targets of a profile', () => {
    const target = (name: string, weight: number, profile = 'production'): string[] => ['--target', `${name}=http://127.0.0.1:1=${weight}=${profile}`];
    const { targets } = parseArguments([...target('sydney', 5), ...target('frankfurt', 30), ...target('virginia', 65), ...target('staging', 1, 'smoke')]);
    expect(targets.map(({ name, rate }) => [name, rate])).toEqual([['sydney', 30], ['frankfurt', 180], ['virginia', 390], ['staging', 80]]);
  });

  it.each([[], ['--target', 'sydney'], ['--target', 'a=http://x=1=none'], ['--target', 'a=no url=1=smoke'], ['--target', 'a=http://x=0=smoke'],
    ['--target', 'a=http://x=1=smoke', '--noise', '0.6'], ['--target', 'a=http://x=1=smoke', '--noise', '-1'], ['--bogus']])(
    'is refused with the usage when the arguments are wrong: %j', async (...args) => {
      const child = startLoad(...args);
      const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')]);
      expect(code).toBe(2);
      expect(stderr).toContain('--target NAME=URL=WEIGHT=PROFILE');
    });
});

describe('noise', () => {
  /** Share of broken orders in each of `seconds` seconds, drawn from 1,000 orders. */
  const brokenIn = (weather: Weather, seconds: number): number[] => Array.from({ length: seconds }, () => {
    weather.advance(1);
    return Array.from({ length: 1_000 }, () => weather.next()).filter((kind) => kind === 'broken').length / 1_000;
  });
  const mean = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

  it('rises and falls for all regions of a seed at once, and otherwise for another seed', () => {
    const [sydney, virginia, elsewhere] = ([['sydney', 'a'], ['virginia', 'a'], ['sydney', 'b']] as const).map(([region, seed]) => brokenIn(new Noise(0.03, region, seed), 300));
    const likeSydney = (others: number[]): number => mean(sydney!.map((share, at) => (share - mean(sydney!)) * (others[at]! - mean(others))))
      / Math.sqrt(mean(sydney!.map((share) => (share - mean(sydney!)) ** 2)) * mean(others.map((share) => (share - mean(others)) ** 2)));
    expect(likeSydney(virginia!)).toBeGreaterThan(0.8);
    expect(Math.abs(likeSydney(elsewhere!))).toBeLessThan(0.5);
    expect(Math.max(...sydney!) / Math.min(...sydney!)).toBeGreaterThan(5);
  });

  it('is the same for the same seed, with as many slow lines as broken carts, and with bursts', () => {
    const drawn = (): string[] => {
      const weather = new Noise(0.05, 'sydney', 'a');
      return Array.from({ length: 20_000 }, () => { weather.advance(0.01); return `${weather.next()} ${weather.pace}`; });
    };
    expect(drawn()).toEqual(drawn());
    const [broken, slow, bursts] = ['broken', 'slow', ' 3'].map((kind) => drawn().filter((order) => order.includes(kind)).length);
    expect(broken! / slow!).toBeGreaterThan(0.7);
    expect(broken! / slow!).toBeLessThan(1.4);
    expect(bursts).toBeGreaterThan(0);
  });
});

describe('the load generator', () => {
  it('sends real orders, meets the bug as often as the deck says, and ends with who started it', async () => {
    const shop = await ShopProcess.start({ version: '1.2.0', region: 'sydney', dataFolder: await temporaryFolder() });
    const load = startLoad('--rate', '300', '--target', `sydney=${shop.url}=1=production`);
    await waitFor('some orders were taken', async () => (await ordersOf(shop)) > 300);
    const counts = countsOf(load);
    load.stdin!.end();

    const { sydney } = await counts;
    const { 200: good = 0, 500: bad = 0, ...others } = sydney!.statuses;
    expect(others).toEqual({});
    expect(sydney!.errors).toEqual({});
    // Whole decks hold exactly 4 of 100; the deck that was being dealt at the end may be short of some.
    expect(bad).toBeGreaterThanOrEqual(4 * Math.floor((good + bad) / 100));
    expect(bad).toBeLessThanOrEqual(4 * Math.ceil((good + bad) / 100));
  });

  it('breaks carts and sends others over slow lines when it is told to be noisy, and the shop counts both', async () => {
    const shop = await ShopProcess.start({ version: '1.1.0', region: 'sydney', dataFolder: await temporaryFolder() });
    const load = startLoad('--rate', '300', '--noise', '0.1', '--target', `sydney=${shop.url}=1=production`);
    await waitFor('a slow order has been counted', async () => /http_requests_slow_total\{route="\/checkout"\} [1-9]/.test(await shop.metrics()));
    await waitFor('a broken order has been counted', async () => /http_requests_total\{route="\/checkout",status="400"\} [1-9]/.test(await shop.metrics()));
    const counts = countsOf(load);
    load.stdin!.end();

    const { sydney } = await counts;
    expect(Object.keys(sydney!.statuses).toSorted()).toEqual(['200', '400']);
    expect(sydney!.errors).toEqual({});
  });

  it('goes on through a restart of its region, at the same pace', async () => {
    const dataFolder = await temporaryFolder();
    const first = await ShopProcess.start({ version: '1.0.0', region: 'sydney', dataFolder });
    const load = startLoad('--rate', '200', '--target', `sydney=${first.url}=1=production`);
    await waitFor('orders come in', async () => (await ordersOf(first)) > 20);
    expect(await first.stop()).toBe(0);

    const second = await ShopProcess.start({ version: '1.1.0', region: 'sydney', dataFolder, port: first.port });
    const before = await ordersOf(second);
    await waitFor('orders come in again', async () => (await ordersOf(second)) > before + 20);
    const counts = countsOf(load);
    load.kill('SIGTERM');

    const { sydney } = await counts;
    expect(Object.keys(sydney!.statuses), 'a region that shuts down answers what it has taken').toEqual(['200']);
    expect(sydney!.errors.ECONNREFUSED).toBeGreaterThan(0);
    expect(sydney!.skipped).toBe(0);
  });
});
