import { expect, it, describe } from 'vitest';
import type { Migration, Sync } from '../../src/rollout/schema/migration.js';
import { knownMigration } from '../../src/sql/known.js';
import { lintMigration } from '../../src/sql/lint.js';
import { parseBackfill } from '../../src/sql/backfill.js';
import { findingsOf, migrationOf } from './migrations.js';

const names = (findings: { rule: string }[]) => findings.map(({ rule }) => rule);

/** A customer's name in two parts: the shop's own migration. */
const split: Migration = {
  name: '0042-split-name',
  expand: {
    up: 'ALTER TABLE customers ADD COLUMN given_name text, ADD COLUMN family_name text;',
    down: 'ALTER TABLE customers DROP COLUMN IF EXISTS given_name, DROP COLUMN IF EXISTS family_name;',
  },
  backfill: {
    sql: 'UPDATE customers SET given_name = split_part(name, \' \', 1), family_name = split_part(name, \' \', 2) WHERE id BETWEEN $1 AND $2 AND given_name IS NULL',
    batch: 1_000, pause: '50ms',
  },
  sync: [{
    table: 'customers', from: ['name'], to: ['given_name', 'family_name'],
    using: { name: 'concat_ws(\' \', given_name, family_name)', given_name: 'split_part(name, \' \', 1)', family_name: 'split_part(name, \' \', 2)' },
  }],
  contract: { up: 'ALTER TABLE customers DROP COLUMN name;' },
};

describe('a whole migration', () => {
  it('that is right has one thing to weigh: its contract is one-way', async () => {
    expect(names((await lintMigration(split)).findings)).toEqual(['one-way']);
  });

  it('is known with checksums and with what each statement does', async () => {
    const { checksums, effects } = await knownMigration(split);
    expect(checksums.contract).toMatch(/^[0-9a-f]{64}$/);
    expect(effects.expand).toEqual([{
      what: 'adds the column given_name to customers; adds the column family_name to customers', lock: 'ACCESS EXCLUSIVE', isLong: false, rewrites: false, reversible: true,
    }]);
    expect(effects.contract).toEqual([{ what: 'drops the column name of customers', lock: 'ACCESS EXCLUSIVE', isLong: false, rewrites: false, reversible: false }]);
  });

  it('with an error is known to nobody, and every error is told with its place and its remedy', async () => {
    const migration = migrationOf({ 'expand.up': 'ALTER TABLE people ADD COLUMN phone text;\nCREATE INDEX p ON people (phone);\nDROP TABLE old' });
    await expect(knownMigration(migration)).rejects.toMatchObject({
      code: 'MigrationRefused',
      message: expect.stringMatching(/\/expand\/up:2:1 CREATE INDEX[\s\S]*CREATE INDEX CONCURRENTLY p ON people[\s\S]*\/expand\/up:3:1 DROP TABLE old/),
    });
  });

  it('keeps nobody waiting for a table that it has just made', async () => {
    const { effects } = await lintMigration(migrationOf({ 'expand.up': 'CREATE TABLE n (id int); CREATE INDEX n_i ON n (id); INSERT INTO n VALUES (1); CREATE INDEX CONCURRENTLY p ON people (phone)' }));
    expect(effects.expand.map(({ lock, isLong }) => [lock, isLong])).toEqual([['none', false], ['none', false], ['none', false], ['SHARE UPDATE EXCLUSIVE', true]]);
  });

  it('says where in the text, in lines and characters', async () => {
    const [finding] = await findingsOf({ 'expand.up': '-- größer 😀\nALTER TABLE people ADD COLUMN phone text; /* 😀 */ CREATE INDEX p ON people (phone);' });
    expect(finding).toMatchObject({ rule: 'index-concurrently', path: '/expand/up', statement: 2, line: 2, column: 51, sql: 'CREATE INDEX p ON people (phone)' });
  });
});

describe('the two halves of an expand', () => {
  it.each([
    ['ALTER TABLE people ADD COLUMN phone text, ADD COLUMN fax text', 'the column fax'],
    ['ALTER TABLE people ADD COLUMN phone text; CREATE TABLE n (id int)', 'the table n'],
    ['ALTER TABLE people ADD COLUMN phone text; CREATE INDEX CONCURRENTLY i ON people (name)', 'the index i'],
    ['ALTER TABLE people ADD COLUMN phone text; ALTER TABLE people ADD CONSTRAINT c CHECK (name <> \'\') NOT VALID', 'the constraint c'],
    ['ALTER TABLE people ADD COLUMN phone text; CREATE TYPE mood AS ENUM ()', 'the type mood'],
  ])('%s: nothing takes %s away', async (up, what) => {
    const [half] = (await findingsOf({ 'expand.up': up })).filter(({ rule }) => rule === 'missing-half');
    expect(half?.problem).toContain(what);
  });

  it('are whole when what goes with a column or a table is not named', async () => {
    const up = 'ALTER TABLE people ADD COLUMN phone text; CREATE INDEX CONCURRENTLY i ON people (lower(phone)) WHERE phone <> \'\'; '
      + 'ALTER TABLE people ADD CONSTRAINT c CHECK (phone <> \'\') NOT VALID; CREATE TABLE n (id int); CREATE INDEX n_id ON n (id)';
    expect(names(await findingsOf({ 'expand.up': up, 'expand.down': 'DROP TABLE IF EXISTS n; ALTER TABLE people DROP COLUMN IF EXISTS phone' }))).toEqual([]);
  });

  it('are whole when an index has become a constraint of its name', async () => {
    const up = 'CREATE UNIQUE INDEX CONCURRENTLY u ON people (name); ALTER TABLE people ADD CONSTRAINT u UNIQUE USING INDEX u';
    expect(names(await findingsOf({ 'expand.up': up, 'expand.down': 'ALTER TABLE people DROP CONSTRAINT IF EXISTS u' }))).toEqual(['stricter']);
  });

  it('do not fit when down takes away what was there before', async () => {
    expect(names(await findingsOf({ 'expand.down': 'ALTER TABLE people DROP COLUMN IF EXISTS phone, DROP COLUMN IF EXISTS name' }))).toEqual(['down-takes-own']);
  });

  it('are both there', async () => {
    expect(names(await findingsOf({ 'expand.down': '-- nothing' }))).toEqual(['empty', 'missing-half']);
  });
});

describe('a contract', () => {
  it('that puts back less than it takes away is asked about', async () => {
    const contract = { 'contract.up': 'ALTER TABLE people DROP COLUMN fax, DROP COLUMN telex', 'contract.down': 'ALTER TABLE people ADD COLUMN IF NOT EXISTS fax text' };
    expect(names(await findingsOf(contract))).toEqual(['contract-half']);
  });

  it('that writes rows back is told that sync does so, where there is one', async () => {
    const contract = { ...split.contract!, down: 'ALTER TABLE customers ADD COLUMN IF NOT EXISTS name text; UPDATE customers SET name = given_name' };
    const remedyOf = async (migration: Migration) => (await lintMigration(migration)).findings.find(({ rule }) => rule === 'rows-put-back')?.remedy;
    expect(await remedyOf({ ...split, contract })).toMatch(/^Leave it out/);
    const { sync: _sync, ...alone } = split;
    expect(await remedyOf({ ...alone, contract })).toContain('give `sync`');
  });

  it('that touches nothing of its expand is asked about', async () => {
    expect(names(await findingsOf({ 'contract.up': 'DROP TABLE orders' }))).toEqual(['unrelated', 'one-way']);
  });

  it('that is missing is a debt, where rows are filled from an old shape', async () => {
    const { contract: _contract, ...open } = split;
    expect(names((await lintMigration(open)).findings)).toEqual(['no-contract']);
  });
});

describe('a backfill', () => {
  const backfills: [string, ...string[]][] = [
    ['UPDATE people SET phone = fax WHERE id BETWEEN $1 AND $2 AND phone IS NULL'],
    ['UPDATE people SET phone = fax WHERE id BETWEEN $1::bigint AND $2::bigint AND phone IS NULL'],
    ['UPDATE people SET phone = fax WHERE id BETWEEN $1 AND $2', 'repeated-writes'],
    ['UPDATE people SET phone = fax', 'batch-bounds'],
    ['UPDATE people SET phone = fax WHERE id BETWEEN $1 AND $2 OR phone IS NULL', 'batch-bounds'],
    ['UPDATE people SET phone = fax WHERE NOT (id BETWEEN $1 AND $2)', 'batch-bounds'],
    ['UPDATE people SET phone = fax WHERE id BETWEEN $2 AND $1', 'batch-bounds'],
    ['UPDATE people SET phone = $1 WHERE id BETWEEN $1 AND $2 AND phone IS NULL', 'batch-parameters'],
    ['UPDATE people SET phone = fax WHERE id BETWEEN $1 AND $2 AND fax > $3', 'batch-parameters'],
    ['UPDATE people SET phone = random() WHERE id BETWEEN $1 AND $2', 'repeated-writes', 'volatile-backfill'],
    ['UPDATE people SET phone = fax WHERE id BETWEEN $1 AND $2 AND phone IS NULL; SELECT 1', 'one-change'],
    ['DELETE FROM people WHERE id BETWEEN $1 AND $2', 'one-change'],
    ['INSERT INTO people VALUES (1)', 'one-change'],
    ['INSERT INTO phones SELECT id, phone FROM people WHERE id BETWEEN $1 AND $2 ON CONFLICT DO NOTHING', 'batch-table'],
    ['INSERT INTO phones SELECT id, phone FROM people WHERE id BETWEEN $1 AND $2', 'batch-table', 'on-conflict'],
    ['WITH x AS (DELETE FROM old RETURNING *) UPDATE people SET phone = fax WHERE id BETWEEN $1 AND $2 AND phone IS NULL', 'plain-change'],
    ['-- nothing', 'one-change'],
    ['UPDATE people SET', 'syntax'],
  ];

  it.each(backfills)('%s', async (sql, ...expected) => {
    expect(names(await findingsOf({ backfill: sql })).filter((rule) => !['no-contract', 'unsynced'].includes(rule)).toSorted()).toEqual(expected);
  });

  it('without sync passes by rows that an old release writes behind it', async () => {
    const { sync: _sync, ...alone } = split;
    expect((await lintMigration(alone)).findings.filter(({ rule }) => rule === 'unsynced')).toMatchObject([{ severity: 'warning', path: '/backfill/sql' }]);
  });

  it('walks the table that an UPDATE changes, or the one that is named', async () => {
    const of = (sql: string, table?: string) => parseBackfill({ sql, batch: 1, pause: '1s', ...(table && { table }) });
    await expect(of('UPDATE shop."People" p SET a = 1 WHERE p.id BETWEEN $1 AND $2')).resolves.toMatchObject({ table: 'People', schema: 'shop', column: 'id' });
    await expect(of('INSERT INTO b SELECT * FROM shop.a WHERE k BETWEEN $1 AND $2', 'a')).resolves.toMatchObject({ table: 'a', schema: 'shop', column: 'k' });
    await expect(of('INSERT INTO b SELECT * FROM a WHERE k BETWEEN $1 AND $2')).rejects.toThrow(RangeError);
    await expect(of('UPDATE a SET b = 1 WHERE k BETWEEN $1 AND $2', 'c')).rejects.toThrow(RangeError);
    await expect(of('UPDATE a SET b = 1')).rejects.toThrow('between $1 and $2');
  });

  it('is bounded by the key that is walked', async () => {
    const migration = migrationOf({ backfill: 'UPDATE people SET phone = fax WHERE id BETWEEN $1 AND $2 AND phone IS NULL' });
    const { findings } = await lintMigration({ ...migration, backfill: { ...migration.backfill!, key: 'number' } });
    expect(names(findings)).toContain('batch-key');
  });
});

describe('columns that are kept in step', () => {
  const sync = (using: Record<string, string>, rest: Partial<Sync> = {}): Migration => ({ ...migrationOf({}), sync: [{ table: 'people', from: ['fax'], to: ['phone'], using, ...rest }] });
  const using = (phone: string) => sync({ fax: 'phone', phone });

  it.each([
    ['fax'], ['lower(fax) -- as it was'], ['coalesce(fax, \'\') || \'!\''], ['case when fax = \'\' then null else fax end'],
    ['phone', 'sync-reads'], ['people.fax', 'sync-reads'], ['other', 'sync-reads'], ['(select fax from people limit 1)', 'sync-reads'], ['$1', 'sync-reads'],
    ['random()::text', 'sync-volatile'], ['max(fax)', 'sync-scalar', 'sync-volatile'], ['row_number() over ()', 'sync-scalar'],
    ['fax) from people where (true', 'sync-expression'], ['fax), (fax', 'sync-expression'], ['fax); drop table people; select (1', 'sync-expression'], ['fax, fax', 'sync-expression'],
    ['', 'sync-expression'], ['fax as x', 'sync-expression'], ['split_part(fax', 'sync-expression'], ['fax) union select (fax', 'sync-expression'], ['(fax', 'sync-expression'],
  ])('by %s', async (expression, ...expected) => {
    expect(names((await lintMigration(using(expression))).findings).filter((rule) => rule !== 'no-contract')).toEqual(expected);
  });

  it('need an expression for each column of both shapes, and for no other', async () => {
    const { findings } = await lintMigration(sync({ phone: 'fax', telex: 'fax' }, { to: ['phone', 'fax'] }));
    expect(findings.filter(({ rule }) => rule === 'sync-columns').map(({ path }) => path)).toEqual(['/sync/0/using', '/sync/0/using', '/sync/0/using/telex', '/sync/0']);
  });
});
