import { describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/adapters/migrations-folder.js';
import { lintMigration } from '../../src/sql/lint.js';
import { shopFolder } from './shop-process.js';

const of = (version: string) => readMigrations(`${shopFolder}releases/${version}`);

describe('the migration that splits names', () => {
  it('comes with 1.1.0, whose code is free of the old shape', async () => {
    const { migrations, freeOf } = await of('1.1.0');
    expect(migrations.map(({ name }) => name)).toEqual(['0001-split-name']);
    expect(freeOf).toEqual(['0001-split-name']);
  });

  it('is the same in 1.2.0, and not in 1.0.0', async () => {
    expect(await of('1.2.0')).toEqual(await of('1.1.0'));
    expect(await of('1.0.0')).toEqual({ migrations: [], freeOf: [] });
  });

  it('has nothing that the linter refuses, and a way back from its contract', async () => {
    const [migration] = (await of('1.1.0')).migrations;
    const { findings } = await lintMigration(migration!);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(migration!.contract!.down).toBeDefined();
  });
});
