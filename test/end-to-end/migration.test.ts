import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../src/embedded/postgres/connect.js';
import { shopFolder } from '../examples/shop-process.js';
import { waitFor } from '../support/wait-for.js';
import { allOn, killDatabases, newMachine, places, remains, type Machine, type Up } from './machine.js';

type Counts = Record<string, { sent: number; statuses: Record<string, number>; errors: Record<string, number> }>;

/** Customers of the test's own, beside those of the stack: 100 orders a second in all, and 20 who register or change their name. */
function startLoad({ urls }: Machine): ChildProcess {
  const targets = places.flatMap((place, index) => ['--target', `${place}=${urls[index]!}=1=production`]);
  return spawn(process.execPath, [`${shopFolder}load.js`, '--rate', '100', '--writes', '0.2', ...targets], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function countsOf(load: ChildProcess): Promise<Counts> {
  load.stdin!.end();
  const [output] = await Promise.all([text(load.stdout!), once(load, 'close')]);
  return JSON.parse(output) as Counts;
}

/** Everything that was answered was a success. A region that is being replaced answers nothing for a moment. */
function expectNoFailure(counts: Counts): void {
  for (const place of places) {
    const { sent, statuses, errors } = counts[place]!;
    expect(sent, place).toBeGreaterThan(1_000);
    expect(Object.keys(statuses).toSorted(), place).toEqual(['200', '201']);
    expect(['ECONNREFUSED', 'ECONNRESET'], place).toEqual(expect.arrayContaining(Object.keys(errors)));
  }
}

const columnsOf = (url: string): Promise<string[]> => withClient(url, async (client) => (await client.query<{ name: string }>(
  `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'customers' order by name`)).rows.map(({ name }) => name));

// Each test goes on where the one before it left its stack.
describe('the migration of release 1.1.0', () => {
  let machine: Machine;
  let up: Up;
  beforeAll(async () => { machine = await newMachine(); });
  afterAll(() => machine.clean());

  it('is expanded in every place before the release comes, while customers read and write: no request fails', async () => {
    up = machine.up();
    await up.says('shop-1 1.1.0: running');
    const load = startLoad(machine);
    await up.says('Everything keeps running until Ctrl-C.');
    expectNoFailure(await countsOf(load));
    expect(await machine.ask()).toEqual(allOn('1.1.0'));
    for (const url of await machine.databaseUrls()) {
      expect(await columnsOf(url)).toEqual(['family_name', 'given_name', 'id', 'name', 'orders']);
      const { rows } = await withClient(url, (client) =>
        client.query(`select count(*)::int as wrong from customers where name is distinct from concat_ws(' ', given_name, nullif(family_name, ''))`));
      expect(rows, 'both shapes say the same').toEqual([{ wrong: 0 }]);
    }
  });

  it('outlives a kill -9 of every database: each is there again, and the shop goes on', async () => {
    await killDatabases(machine);
    for (const url of machine.urls) {
      const cart = { customer: { id: 1 }, items: [{ sku: 'mug', quantity: 1, price: 9.5 }] };
      await waitFor(`${url} knows its customers again`, async () => (await fetch(`${url}/checkout`, { method: 'POST', body: JSON.stringify(cart) })).ok);
    }
    up.signal('SIGINT');
    expect(await up.ended).toBe(0);
    expect(await remains(machine)).toEqual([]);
  });

  it('has shown no password of a database: not on the terminal, in the log, or in what Temporal keeps', async () => {
    const passwords = (await machine.databaseUrls()).map((url) => new URL(url).password);
    expect(new Set(passwords).size).toBe(4);
    const store = path.join(machine.home, 'temporal');
    const files = [path.join(machine.home, 'meridian.log'), ...(await readdir(store)).map((file) => path.join(store, file))];
    for (const password of passwords) {
      expect(up.output()).not.toContain(password);
      for (const file of files) expect((await readFile(file)).includes(password), file).toBe(false);
    }
  });
});
