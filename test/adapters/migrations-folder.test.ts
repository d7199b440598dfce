import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/adapters/migrations-folder.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { temporaryFolder } from '../support/temporary-folder.js';

type Files = Record<string, string | Buffer>;

const split: Files = {
  '0001-split-name.expand.sql': 'alter table customers add column given_name text;\n',
  '0001-split-name.expand.down.sql': 'alter table customers drop column if exists given_name;\n',
};

/** An artifact with these files in `migrations/`. */
async function artifact(files: Files): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'migrations'));
  await writeFile(path.join(folder, 'server.js'), 'serve();\n');
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path.join(folder, 'migrations', name), text)));
  return folder;
}

const refusalOf = async (files: Files): Promise<string> => {
  const error: unknown = await readMigrations(await artifact(files)).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(MeridianFailure);
  expect((error as MeridianFailure).code).toBe('InvalidRequest');
  return (error as MeridianFailure).message;
};

describe('readMigrations', () => {
  it('reads every part of a migration, and of which the code is free', async () => {
    const folder = await artifact({
      ...split,
      '0001-split-name.backfill.sql': 'update customers set given_name = name where id between $1 and $2;\n',
      '0001-split-name.contract.sql': 'alter table customers drop column name;\n',
      '0001-split-name.contract.down.sql': 'alter table customers add column name text;\n',
      '0001-split-name.yaml': 'backfill: { batch: 500 }\nsync:\n  - { table: customers, from: [name], to: [given_name], using: { name: given_name, given_name: name } }\n',
      'release.yaml': 'freeOf: [0001-split-name]\n',
    });
    expect(await readMigrations(folder)).toEqual({
      migrations: [{
        name: '0001-split-name',
        expand: { up: split['0001-split-name.expand.sql'], down: split['0001-split-name.expand.down.sql'] },
        backfill: { sql: 'update customers set given_name = name where id between $1 and $2;\n', batch: 500, pause: '50ms' },
        sync: [{ table: 'customers', from: ['name'], to: ['given_name'], using: { name: 'given_name', given_name: 'name' } }],
        contract: { up: 'alter table customers drop column name;\n', down: 'alter table customers add column name text;\n' },
      }],
      freeOf: ['0001-split-name'],
    });
  });

  it('reads the folder with the migrations itself', async () => {
    const folder = await artifact(split);
    expect(await readMigrations(path.join(folder, 'migrations'))).toEqual(await readMigrations(folder));
  });

  it('finds nothing in an artifact without migrations', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'server.js'), '');
    expect(await readMigrations(folder)).toEqual({ migrations: [], freeOf: [] });
  });

  it('orders migrations by their names, whatever the locale, and not by their files', async () => {
    const files = ['0010-b', '0010-a-more', '0010-a', '0002-z'].flatMap((name) => [[`${name}.expand.sql`, 'select 1'], [`${name}.expand.down.sql`, 'select 1']]);
    const { migrations } = await readMigrations(await artifact(Object.fromEntries(files)));
    expect(migrations.map(({ name }) => name)).toEqual(['0002-z', '0010-a', '0010-a-more', '0010-b']);
  });

  it('leaves hidden files and a README alone', async () => {
    const { migrations } = await readMigrations(await artifact({ ...split, '.gitkeep': '', 'README.md': 'Why.' }));
    expect(migrations).toHaveLength(1);
  });

  it('gives a contract without a way back none', async () => {
    const { migrations: [migration] } = await readMigrations(await artifact({ ...split, '0001-split-name.contract.sql': 'select 1' }));
    expect(migration!.contract).toEqual({ up: 'select 1' });
  });

  it.each<[string, Files, string]>([
    ['a typo', { ...split, '0002-x.expnd.sql': 'select 1' }, '0002-x.expnd.sql is no file of a migration. Did you mean 0002-x.expand.sql?'],
    ['an ending of another tool', { ...split, '0002-x.expand.up.sql': 'select 1' }, 'Did you mean 0002-x.expand.sql?'],
    ['a backup', { ...split, '0001-split-name.expand.sql~': '' }, 'Did you mean 0001-split-name.expand.sql?'],
    ['a .yml', { ...split, '0001-split-name.yml': '' }, 'Did you mean 0001-split-name.yaml?'],
    ['a misspelt release.yaml', { ...split, 'relase.yaml': 'freeOf: []' }, 'relase.yaml stands alone. Did you mean release.yaml?'],
    ['a name that is none', { 'Split_Name.expand.sql': 'select 1' }, 'Split_Name is no name of a migration: use lower-case letters'],
    ['an expand without a way back', { '0001-x.expand.sql': 'select 1' }, '0001-x has no 0001-x.expand.down.sql: write there what takes the new shape away again'],
    ['a backfill without its expand', { '0001-x.backfill.sql': 'select 1' }, '0001-x has no 0001-x.expand.sql: write there what adds the new shape.'],
    ['a way back from no contract', { ...split, '0001-split-name.contract.down.sql': 'select 1' }, '0001-split-name.contract.down.sql stands alone: write 0001-split-name.contract.sql'],
    ['an empty file', { ...split, '0001-split-name.contract.sql': ' \n' }, '0001-split-name.contract.sql is empty'],
    ['settings of a backfill that is not there', { ...split, '0001-split-name.yaml': 'backfill: { batch: 5 }' }, 'write its SQL in 0001-split-name.backfill.sql'],
    ['a misspelt setting', { ...split, '0001-split-name.yaml': 'bakfill: { batch: 5 }' }, '0001-split-name.yaml: unknown key bakfill. Did you mean backfill?'],
    ['a setting that is not right', { ...split, '0001-split-name.backfill.sql': 'select 1', '0001-split-name.yaml': 'backfill: { batch: 0 }' }, '0001-split-name.yaml backfill.batch: '],
    ['broken YAML', { ...split, '0001-split-name.yaml': 'sync: [' }, '0001-split-name.yaml:1:8: '],
    ['a release.yaml with something else', { ...split, 'release.yaml': 'freeof: []' }, 'release.yaml: unknown key freeof. Did you mean freeOf?'],
    ['a freeOf that is no list', { ...split, 'release.yaml': 'freeOf: 0001-split-name' }, 'release.yaml freeOf: '],
    ['bytes that are no UTF-8', { ...split, '0001-split-name.contract.sql': Buffer.from([0xff, 0xfe]) }, 'is not text in UTF-8'],
    ['a zero byte', { ...split, '0001-split-name.contract.sql': 'select 1;\0drop table customers' }, '0001-split-name.contract.sql holds a zero byte'],
    ['a file that is too large', { ...split, '0001-split-name.contract.sql': `-- ${'x'.repeat(33_000)}` }, '0001-split-name.contract.sql is 33 KB, at most 32'],
  ])('refuses %s, and says what to write', async (_what, files, message) => {
    expect(await refusalOf(files)).toContain(message);
  });

  it('tells everything that is not right at once', async () => {
    const message = await refusalOf({ '0001-x.expand.sql': 'select 1', '0002-y.contract.sql': 'select 1', 'notes.txt': '' });
    for (const file of ['0001-x.expand.down.sql', '0002-y.expand.sql', 'notes.txt']) expect(message).toContain(file);
  });

  it('refuses more than a pipeline can know', async () => {
    const names = Array.from({ length: 18 }, (_, index) => `0${index}`);
    const files = names.flatMap((name) => [[`${name}.expand.sql`, `-- ${'x'.repeat(30_000)}`], [`${name}.expand.down.sql`, 'select 1']]);
    expect(await refusalOf(Object.fromEntries(files))).toContain('All files are 528 KB together, at most 512');
  });

  it('follows no link out of the folder, and looks into none below', async () => {
    const folder = await artifact(split);
    await symlink('/etc/passwd', path.join(folder, 'migrations', '0002-x.expand.sql'));
    await expect(readMigrations(folder)).rejects.toThrow('0002-x.expand.sql is a symbolic link');
    const other = await temporaryFolder();
    await symlink(path.join(folder, 'migrations'), path.join(other, 'migrations'));
    await expect(readMigrations(other)).rejects.toThrow('is a symbolic link');
    const third = await artifact(split);
    await mkdir(path.join(third, 'migrations', 'old'));
    await expect(readMigrations(third)).rejects.toThrow('old is a folder');
  });

  it('says that a folder is not there', async () => {
    await expect(readMigrations('/no/such/folder')).rejects.toThrow('/no/such/folder does not exist');
    await expect(readMigrations('/etc/passwd')).rejects.toThrow('/etc/passwd is not a folder');
  });
});
