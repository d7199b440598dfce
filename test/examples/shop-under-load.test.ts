import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { never, openShopSchema, quiet } from './shop-schema.js';
import { useShopDatabases } from './shop-databases.js';
import { shopFolder, ShopProcess, type Version } from './shop-process.js';

const databases = useShopDatabases();

/** Long enough for some hundred orders, before and after each step. */
const restMs = 500;

/** Customers of one shop: 200 orders a second, and 20 who register or change their name. `leave` answers what came back, by status and error. */
function sendCustomers(shop: ShopProcess): { leave(): Promise<unknown> } {
  const load = spawn(process.execPath, [`${shopFolder}load.js`, '--rate', '200', '--writes', '0.1', '--target', `shop=${shop.url}=1=production`], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void load.kill('SIGKILL'));
  return {
    async leave() {
      load.stdin.end();
      const [output] = await Promise.all([text(load.stdout), once(load, 'close')]);
      const { shop: { sent, statuses, errors } } = JSON.parse(output) as { shop: { sent: number; statuses: object; errors: object } };
      expect(sent).toBeGreaterThan(0);
      return { statuses: Object.keys(statuses).toSorted(), errors };
    },
  };
}

const allWell = { statuses: ['200', '201'], errors: {} };

it('no request of either release fails while the names are split, while both releases run, and all the way back', async () => {
  const url = await databases.create();
  const { region, step } = await openShopSchema(url);
  const start = async (version: Version): Promise<ShopProcess> => await ShopProcess.start({ version, region: 'frankfurt', dataFolder: await temporaryFolder(), databaseUrl: url });

  const old = sendCustomers(await start('1.0.0'));
  await sleep(restMs);
  await region.expand(step, quiet, never);
  const next = sendCustomers(await start('1.1.0'));
  await sleep(restMs);
  expect(await old.leave(), '1.0.0, through the expand and beside 1.1.0').toEqual(allWell);

  await region.contract(step, quiet, never);
  await sleep(restMs);
  await region.undoContract(step, never);
  const again = sendCustomers(await start('1.0.0'));
  await sleep(restMs);
  expect(await next.leave(), '1.1.0, through the contract and its undo').toEqual(allWell);

  expect((await region.undoExpand(step, never)).kept).toEqual([]);
  await sleep(restMs);
  expect(await again.leave(), '1.0.0 again, through the undo of the expand').toEqual(allWell);
});
