import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaStep } from '../../../activities/ports/database.js';
import { postgresDatabase } from '../../../src/adapters/postgres/database.js';
import type { MeridianFailure } from '../../../src/rollout/failure.js';
import { freePortRange } from '../../support/free-ports.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { askOf, known, listener, never, newRegion, settingsOf, splitName, stepOf } from './region-database.js';

const user = 'frankfurt_owner';
const password = 'geh%eim/0815';

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
  await askOf(server.url, `create role ${user} login password '${password}'`);
});
afterAll(() => server.stop());

const step = stepOf([splitName]);

/** The same database, as the role without rights. */
function asUser(url: string, changed: Partial<Pick<URL, 'username' | 'password' | 'port' | 'pathname' | 'search' | 'hostname'>> = {}): string {
  const parsed = new URL(url);
  return Object.assign(parsed, { username: user, password: encodeURIComponent(password), ...changed }).href;
}

const verbs = {
  schema: (url: string, work: SchemaStep) => postgresDatabase()(settingsOf(url)).schema(work, never),
  check: (url: string, work: SchemaStep) => postgresDatabase()(settingsOf(url)).check(work, never),
  expand: (url: string, work: SchemaStep) => postgresDatabase()(settingsOf(url)).expand(work, listener(), never),
};

/** What is thrown, after a look whether it shows any part of the URL. */
async function failure(url: string, verb: keyof typeof verbs = 'expand', work = step): Promise<MeridianFailure> {
  const thrown = await verbs[verb](url, work).then(() => undefined, (error: unknown) => error as MeridianFailure);
  expect(thrown?.name, String(thrown)).toBe('MeridianFailure');
  const shown = `${thrown!.message}${thrown!.stack}${JSON.stringify(thrown)}${String(thrown!.cause)}`;
  for (const part of [url, user, password, encodeURIComponent(password), 'geh%eim', '127.0.0.1', 'no_such_database', `${server.port}`]) expect(shown).not.toContain(part);
  return thrown!;
}

/** The region's tables belong to the superuser; `grants` are for the role. */
async function regionWith(...grants: string[]): Promise<string> {
  const { url, ask } = await newRegion(server);
  for (const grant of grants) await ask(grant);
  return asUser(url);
}

const mayCreate = async (): Promise<string> => {
  const url = await regionWith();
  await askOf(server.url, `grant create on database ${new URL(url).pathname.slice(1)} to ${user}`);
  return url;
};

describe('a log-in that is refused', () => {
  it.each(['schema', 'check', 'expand'] as const)('for a wrong password is final (%s)', async (verb) => {
    expect(await failure(asUser(server.url, { password: 'falsch' }), verb)).toMatchObject({ code: 'DatabaseRefused', retryable: false, message: expect.stringContaining('28P01') });
  });

  it('for want of any password says so', async () => {
    expect(await failure(asUser(server.url, { password: '' }))).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('password') });
  });

  it('for an unknown database says to create it', async () => {
    expect(await failure(asUser(server.url, { pathname: '/no_such_database' }))).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('Create the database') });
  });

  it('for a server without TLS says what sslmode has to do with it', async () => {
    expect(await failure(asUser(server.url, { search: '?sslmode=verify-full' }))).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('sslmode') });
  });

  it.each([['?sslrootcert=/no/such/file', ''], ['', 'ge%ffheim']])('for a URL that cannot be used says why that may be (%j, %j)', async (search, raw) => {
    const url = asUser(server.url, { search });
    expect(await failure(raw === '' ? url : url.replace(/:[^:@]*@/, `:${raw}@`))).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('%25') });
  });

  it.each(['not a url', 'http://127.0.0.1:1/db', 'postgres:///db'])('for %j, which names no server of PostgreSQL, says how a URL is written', async (url) => {
    await expect(verbs.expand(url, step)).rejects.toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('postgres://user:password@host:port/database') });
  });
});

describe('a database that does not answer', () => {
  it('because nothing listens is tried again', async () => {
    expect(await failure(asUser(server.url, { port: `${await freePortRange(1)}` }))).toMatchObject({ code: 'DatabaseUnreachable', retryable: true, message: expect.stringContaining('ECONNREFUSED') });
  });

  it('because its host has no address is tried again', async () => {
    expect(await failure(asUser(server.url, { hostname: 'no-such-host.invalid' }))).toMatchObject({ code: 'DatabaseUnreachable', retryable: true });
  });

  it('because it hangs up is tried again', async () => {
    const port = await freePortRange(1);
    const rude = createServer((socket) => socket.once('data', () => socket.destroy()).on('error', () => undefined));
    await new Promise<void>((resolve) => rude.listen(port, '127.0.0.1', resolve));
    expect(await failure(asUser(server.url, { port: `${port}` }))).toMatchObject({ code: 'DatabaseUnreachable', retryable: true });
    await new Promise((resolve) => rude.close(resolve));
  });

  it('because its connections are used up is tried again', async () => {
    await askOf(server.url, `alter role ${user} connection limit 0`);
    expect(await failure(asUser(server.url))).toMatchObject({ code: 'DatabaseUnreachable', retryable: true });
    await askOf(server.url, `alter role ${user} connection limit -1`);
  });
});

describe('a role without the rights', () => {
  it('to keep a ledger is told which one is missing, before anything is touched', async () => {
    const url = await regionWith();
    for (const verb of ['check', 'expand'] as const) {
      expect(await failure(url, verb)).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('grant create on database') });
    }
  });

  it('to change a table is told that it must own it, by a check before anything is touched', async () => {
    const url = await mayCreate();
    expect(await failure(url, 'check')).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('does not own customers') });
    expect(await failure(url)).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('must own the tables') });
  });

  it('to change a table has nothing to take back, and may', async () => {
    const url = await mayCreate();
    expect(await failure(url)).toMatchObject({ code: 'DatabaseRefused' });
    expect(await postgresDatabase()(settingsOf(url)).undoExpand(step, never)).toEqual({ schema: {}, kept: [] });
  });

  it('to the ledger of another role is told so, and is fit once it has them', async () => {
    const region = await newRegion(server);
    await region.database.expand(step, listener(), never);
    const url = asUser(region.url);
    expect(await failure(url, 'schema')).toMatchObject({ code: 'DatabaseRefused' });
    expect(await failure(url, 'check')).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('grant usage on schema meridian') });
    await region.ask(`grant usage on schema meridian to ${user}`);
    expect(await failure(url, 'check')).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('grant select') });
    await region.ask(`grant select, insert, update, delete on all tables in schema meridian to ${user}`);
    await verbs.check(url, step);
    expect(await verbs.expand(url, step)).toEqual({ '0042-split-name': 'expanded' });
  });
});

describe('a database that is read-only', () => {
  it('is a standby, as far as one can see: give the URL of the primary', async () => {
    const region = await newRegion(server);
    await region.ask(`alter database ${new URL(region.url).pathname.slice(1)} set default_transaction_read_only = on`);
    for (const verb of ['check', 'expand'] as const) {
      expect(await failure(region.url, verb)).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('URL of the primary') });
    }
    expect(await verbs.schema(region.url, step)).toEqual({});
  });
});

describe('a migration that was changed after it was applied', () => {
  const changed = known({ ...splitName, expand: { ...splitName.expand, up: 'select 1' } });

  it.each(['check', 'expand', 'undoExpand', 'contract', 'undoContract'] as const)('is refused by %s, with both checksums and who applied it', async (verb) => {
    const region = await newRegion(server);
    await region.database.expand(step, listener(), never);
    const work = stepOf([changed], { rollout: 'shop-7' });
    const calls = {
      check: () => region.database.check(work, never), expand: () => region.database.expand(work, listener(), never), undoExpand: () => region.database.undoExpand(work, never),
      contract: () => region.database.contract(work, listener(), never), undoContract: () => region.database.undoContract(work, never),
    };
    const thrown = await calls[verb]().then(() => undefined, (error: unknown) => error as MeridianFailure);
    expect(thrown).toMatchObject({ code: 'MigrationChanged', retryable: false });
    for (const part of ['0042-split-name', 'expand', 'shop-1', changed.checksums.expand.slice(0, 12), splitName.checksums.expand.slice(0, 12)]) expect(thrown!.message).toContain(part);
  });

  it('in its contract is refused once that was applied, and may get one later', async () => {
    const region = await newRegion(server);
    const { contract: _none, ...bare } = splitName;
    await region.database.expand(stepOf([known(bare)]), listener(), never);
    await region.database.contract(step, listener(), never);
    const other = known({ ...splitName, contract: { up: 'select 2' } });
    await expect(region.database.contract(stepOf([other]), listener(), never)).rejects.toMatchObject({ code: 'MigrationChanged', message: expect.stringContaining('another contract') });
    expect(await region.database.expand(stepOf([known(bare)]), listener(), never)).toEqual({ '0042-split-name': 'contracted' });
  });
});

describe('the ledger', () => {
  it('is not made by looking', async () => {
    const region = await newRegion(server);
    expect(await region.database.schema(step, never)).toEqual({});
    await region.database.check(step, never);
    expect(await region.ask("select to_regnamespace('meridian')::text as found")).toEqual([{ found: null }]);
  });

  it('of a later Meridian is left alone', async () => {
    const region = await newRegion(server);
    await region.database.expand(step, listener(), never);
    await region.ask('update meridian.ledger set version = 99');
    for (const verb of ['schema', 'check', 'expand'] as const) {
      expect(await failure(region.url, verb)).toMatchObject({ code: 'DatabaseRefused', message: expect.stringContaining('Upgrade every worker') });
    }
  });
});
