import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeridianFailure } from '../../../src/rollout/failure.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { known, listener, never, newRegion, shapeOf, stepOf } from './region-database.js';

let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

async function failureOf(up: string, changed = {}): Promise<MeridianFailure> {
  const region = await newRegion(server, changed);
  const step = stepOf([known({ name: 'm', expand: { up, down: 'select 1' } })]);
  const thrown = await region.database.expand(step, listener(), never).then(() => undefined, (error: unknown) => error as MeridianFailure);
  const password = new URL(region.url).password;
  expect(thrown!.message).not.toContain(password);
  expect(await region.database.schema(step, never)).toEqual({ m: 'expanding' });
  expect(await region.database.undoExpand(step, never)).toEqual({ schema: {}, kept: [] });
  return thrown!;
}

describe('a statement that PostgreSQL refuses', () => {
  it('is named with its place, what was said and what to do', async () => {
    expect(await failureOf('-- two columns\nalter table customers add a int;\n\nalter table customers\n  add b int,\n  drop nowhere;')).toMatchObject({
      code: 'MigrationFailed', retryable: false,
      message: expect.stringMatching(/^m, expand\.up, statement 2 of 2, line 4 \("alter table customers add b int, drop nowhere"\): PostgreSQL said: column "nowhere" of relation "customers" does not exist \(42703\)\. .*new name\.$/),
    });
  });

  it('is found at the very line, where PostgreSQL tells it', async () => {
    expect((await failureOf('select 1;\nselect id,\n  nowhere\nfrom customers')).message).toContain('line 3');
  });

  it('is named before anything is run when it is no SQL', async () => {
    const failure = await failureOf('alter table customers add a int;\nalter tabel customers');
    expect(failure).toMatchObject({ code: 'MigrationFailed', message: expect.stringMatching(/^m, expand\.up, line 2: .*tabel/) });
  });

  it('tells the detail of rows that stand in the way', async () => {
    expect((await failureOf('alter table customers add constraint short check (length(name) < 10)')).message).toContain('correct them');
    expect((await failureOf('create table c (id int references customers); insert into c values (9999)')).message).toContain('(id)=(9999)');
  });

  it('that takes longer than statementTimeout says so, and what to do', async () => {
    expect(await failureOf('select pg_sleep(60)', { statementTimeout: '100ms' })).toMatchObject({ code: 'MigrationFailed', retryable: false, message: expect.stringContaining('statementTimeout') });
  });

  it('is not cut off by a time-out that the role or the database has of its own', async () => {
    const region = await newRegion(server);
    await region.ask(`alter database ${new URL(region.url).pathname.slice(1)} set statement_timeout = '200ms'`);
    const migration = known({ name: 'slow', expand: { up: 'create index concurrently slow on customers (name); select pg_sleep(0.5)', down: 'select 1' } });
    expect(await region.database.expand(stepOf([migration]), listener(), never)).toEqual({ slow: 'expanded' });
  });

  it('has a building of an index beyond statementTimeout', async () => {
    const region = await newRegion(server, { statementTimeout: '50ms' });
    await region.ask('create function slow(text) returns text language plpgsql immutable as $$ begin perform pg_sleep(0.002); return $1; end $$');
    const migration = known({ name: 'slow', expand: { up: 'create index concurrently slow on customers (slow(name))', down: 'drop index concurrently if exists slow' } });
    expect(await region.database.expand(stepOf([migration]), listener(), never)).toEqual({ slow: 'expanded' });
    expect((await shapeOf(region)).indexes).toEqual(['customers_pkey', 'slow']);
  });
});
