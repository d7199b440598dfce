import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { listener, never, newRegion, splitName, stepOf, type TestRegion } from './region-database.js';

let server: TestPostgres;
let region: TestRegion;

beforeAll(async () => {
  server = await startPostgres();
  region = await newRegion(server);
  await region.database.expand(stepOf([splitName]), listener(), never);
  // From here on it waits for the log of a primary, and lets others read.
  await writeFile(path.join(server.folder, 'data', 'standby.signal'), '');
  await server.restart();
});
afterAll(() => server.stop());

describe('a standby', () => {
  it('says what its ledger holds', async () => {
    expect(await region.database.schema(stepOf([]), never)).toEqual({ '0042-split-name': 'expanded' });
  });

  it('is refused for whatever would change it: give the URL of the primary', async () => {
    const refusal = { code: 'DatabaseRefused', retryable: false, message: expect.stringContaining('URL of the primary') };
    await expect(region.database.check(stepOf([splitName]), never)).rejects.toMatchObject(refusal);
    await expect(region.database.expand(stepOf([splitName]), listener(), never)).rejects.toMatchObject(refusal);
    await expect(region.database.undoExpand(stepOf([splitName]), never)).rejects.toMatchObject(refusal);
  });
});
