import { describe, expect, it } from 'vitest';
import { checksumsOf, isOneWay } from '../../../src/rollout/migrations/known.js';
import { Migration } from '../../../src/rollout/schema/migration.js';

const migration = (changes: object = {}): Migration => Migration.parse({
  name: '0042-split-name',
  expand: { up: 'alter table customers\n  add column given_name text;', down: 'alter table customers drop column given_name;' },
  backfill: { sql: 'update customers set given_name = name\nwhere id between $1 and $2' },
  sync: [{ table: 'customers', from: ['name'], to: ['given_name'], using: { given_name: 'name', name: 'given_name' } }],
  contract: { up: 'alter table customers drop column name;', down: 'alter table customers add column name text;' },
  ...changes,
});
const checksums = checksumsOf(migration());

describe('the checksums of a migration', () => {
  it('are 64 hexadecimal digits for each phase', () => {
    expect(Object.values(checksums).map((digest) => /^[0-9a-f]{64}$/.test(String(digest)))).toEqual([true, true]);
  });

  it('have none for a contract that is not there', () => {
    expect(checksumsOf(migration({ contract: undefined }))).toEqual({ expand: checksums.expand });
  });

  it('do not count its name', () => {
    expect(checksumsOf(migration({ name: '0043-split-name' }))).toEqual(checksums);
  });

  it.each([
    ['lines that end as Windows ends them', (sql: string) => sql.replaceAll('\n', '\r\n')],
    ['lines that end as old Macs end them', (sql: string) => sql.replaceAll('\n', '\r')],
    ['white space at the ends of lines', (sql: string) => sql.replaceAll('\n', ' \t\n')],
    ['white space at the end', (sql: string) => `${sql}\n\n  `],
  ])('do not count %s', (_what, change) => {
    const { expand, contract, backfill, sync } = migration();
    expect(checksumsOf(migration({
      expand: { up: change(expand.up), down: change(expand.down) },
      backfill: { ...backfill, sql: change(backfill!.sql) },
      sync: sync!.map((each) => ({ ...each, using: { given_name: change('name'), name: 'given_name' } })),
      contract: { up: change(contract!.up), down: change(contract!.down!) },
    }))).toEqual(checksums);
  });

  it.each([
    ['the expand', { expand: { up: 'alter table customers add column given_name varchar;', down: 'select 1' } }],
    ['its way back', { expand: { ...migration().expand, down: 'select 1' } }],
    ['white space at the beginning of a line', { expand: { ...migration().expand, up: migration().expand.up.replace('\n  ', '\n') } }],
    ['the backfill', { backfill: { sql: 'update customers set given_name = 1 where id between $1 and $2' } }],
    ['no backfill', { backfill: undefined }],
    ['the triggers', { sync: [{ ...migration().sync![0], to: ['family_name'] }] }],
  ])('of the expand changes with %s', (_what, change) => {
    const changed = checksumsOf(migration(change));
    expect(changed.expand).not.toBe(checksums.expand);
    expect(changed.contract).toBe(checksums.contract);
  });

  it('of the contract changes with its way back', () => {
    expect(checksumsOf(migration({ contract: { up: migration().contract!.up } }))).toEqual({ expand: checksums.expand, contract: expect.not.stringMatching(checksums.contract!) });
  });
});

describe('a migration', () => {
  it('is one-way when its contract has no way back', () => {
    expect(['none', { up: 'x' }, { up: 'x', down: 'y' }].map((contract) => isOneWay(migration({ contract: contract === 'none' ? undefined : contract })))).toEqual([false, true, false]);
  });
});
