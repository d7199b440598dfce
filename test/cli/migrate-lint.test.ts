import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { meridian } from './run-cli.js';

const noApi = { url: 'http://127.0.0.1:1' };
const lint = (...argv: string[]) => meridian(noApi, 'migrate', 'lint', ...argv);

const good = `name: 0001-phone
expand:
  up: ALTER TABLE people ADD COLUMN phone text;
  down: ALTER TABLE people DROP COLUMN IF EXISTS phone;
`;
const bad = `name: 0002-index
expand:
  up: |
    ALTER TABLE people ADD COLUMN phone text;
    CREATE INDEX people_phone ON people (phone);
  down: ALTER TABLE people DROP COLUMN IF EXISTS phone;
`;

let folder = '';
const fileOf = async (name: string, text: string): Promise<string> => {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await writeFile(path.join(folder, name), text);
  return path.join(folder, name);
};

beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('meridian migrate lint', () => {
  it('has nothing to say against a migration that is right', async () => {
    const { exitCode, stdout, stderr } = await lint(await fileOf('good.yaml', good));
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '1 migration: nothing to say against it.\n', stderr: '' });
  });

  it('tells an error with its file and line, the line itself, what happens and what to write instead', async () => {
    const file = await fileOf('bad.yaml', bad);
    const { exitCode, stdout } = await lint(file);
    expect(exitCode).toBe(1);
    expect(stdout).toBe(`${file}:5 error index-concurrently
    CREATE INDEX people_phone ON people (phone);
    ^
Nobody can write to people until the index is built, which takes as long as the table is large (SHARE lock).
Build it beside those who write.
expand.up:
  CREATE INDEX CONCURRENTLY people_phone ON people (phone);

1 migration: 1 error, 0 warnings. Rules: docs/migrations-lint.md
`);
  });

  it('reads a list of migrations, a release and several files', async () => {
    const list = await fileOf('list.json', JSON.stringify([{ name: 'a', expand: { up: 'DROP TABLE t', down: 'SELECT 1' } }]));
    const release = await fileOf('release.yaml', `version: 1.1.0\nmigrations:\n  - 0000-known\n  - ${good.trim().replaceAll('\n', '\n    ')}\n`);
    const { exitCode, stdout } = await lint(list, release, '--output', 'json');
    expect(exitCode).toBe(1);
    const { errors, migrations } = JSON.parse(stdout) as { errors: number; migrations: { name: string; findings: { rule: string; place: string }[]; effects: object }[] };
    expect(errors).toBe(2);
    expect(migrations.map(({ name, findings }) => [name, findings.map(({ rule }) => rule)])).toEqual([['a', ['expand-only-adds', 'no-migration']], ['0001-phone', []]]);
    expect(migrations[1]!.effects).toMatchObject({ expand: [{ what: 'adds the column phone to people' }] });
  });

  it('reads a folder, and names the file of each text', async () => {
    await fileOf('dist/migrations/0001-phone.expand.sql', '-- a phone\n  CREATE INDEX i ON people (phone);');
    await fileOf('dist/migrations/0001-phone.expand.down.sql', 'DROP INDEX CONCURRENTLY IF EXISTS i;');
    const { exitCode, stdout } = await lint(path.join(folder, 'dist'));
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${path.join(folder, 'dist/migrations/0001-phone.expand.sql')}:2:3 error index-concurrently\n      CREATE INDEX i ON people (phone);\n      ^\n`);
  });

  it('ends well where there are warnings only', async () => {
    const { exitCode, stdout } = await lint(await fileOf('json.yaml', good.replace('phone text', 'phone json')));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 migration: 0 errors, 1 warning.');
  });

  it.each([
    ['is no YAML', 'name: [', /bad\.yaml:1:\d+:/],
    ['is no migration', 'name: 0001-a\nexpand:\n  up: 5\n', /bad\.yaml:3:7: .*expand\.up/],
  ])('says where a file %s', async (_what, text, message) => {
    const { exitCode, stderr } = await lint(await fileOf('bad.yaml', text));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('says that a file is not there, or a folder has no migration', async () => {
    await expect(lint(path.join(folder, 'none.yaml'))).resolves.toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there is no such file') });
    await expect(lint(folder)).resolves.toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no migration in') });
  });
});
