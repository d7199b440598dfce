import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { fill, openLedger, workOf } from './filling.js';
import { inserted, isInStep, partsOf, updated, type Names, type NamesWrite } from './names-model.js';
import { connect, create, newDatabase, splitName } from './sync-table.js';

let server: TestPostgres;
let clients: Record<'admin' | 'old' | 'new' | 'runner', pg.Client>;

beforeAll(async () => {
  server = await startPostgres();
  const url = await newDatabase(server, 'interleaved');
  const [admin, old, recent, runner] = await Promise.all([connect(url), connect(url), connect(url), connect(url)]);
  clients = { admin, old, new: recent, runner };
  await admin.query(`create table customers (id int primary key, name text, given_name text, family_name text);
    create table audit (at bigserial, write text, op text, id int, name text, given_name text, family_name text);
    create function note() returns trigger language plpgsql as $$ begin
      insert into audit (write, op, id, name, given_name, family_name)
        values (current_setting('app.write', true), tg_op, new.id, new.name, new.given_name, new.family_name); return null; end $$;
    create trigger note after insert or update on customers for each row execute function note()`);
  await openLedger(admin);
  await create(admin, splitName);
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.end()));
  await server.stop();
});

const word = fc.stringMatching(/^[A-D][a-b]$/);
const name = fc.oneof(word, fc.tuple(word, word).map((words) => words.join(' ')), fc.constantFrom('Ann  Bell', 'Ann ', '', null));
const step = { id: fc.integer({ min: 1, max: 12 }), upsert: fc.boolean(), sleepMs: fc.integer({ min: 0, max: 3 }) };
const oldSteps = fc.array(fc.record({ ...step, write: fc.record({ by: fc.constant('old' as const), name }) }), { maxLength: 10 });
const newWrite = fc.record({ by: fc.constant('new' as const), given_name: word, family_name: fc.option(word) }, { requiredKeys: ['by'] });
const newSteps = fc.array(fc.record({ ...step, write: newWrite }), { maxLength: 10 });

interface Step {
  id: number;
  upsert: boolean;
  sleepMs: number;
  write: NamesWrite;
}

/** Writes as a release does, and holds the row for a moment. Answers how many rows the client was told that it had written. */
async function perform(client: pg.Client, { id, upsert, sleepMs, write }: Step): Promise<number> {
  const { by, ...values } = write;
  const columns = Object.keys(values);
  if (columns.length === 0) return 0;
  const places = columns.map((_, at) => `$${at + 2}`);
  await client.query('begin');
  await client.query("select set_config('app.write', $1, true)", [JSON.stringify({ by, ...values })]);
  const { rowCount } = await client.query(upsert
    ? `insert into customers (id, ${columns.join()}) values ($1, ${places.join()}) on conflict (id) do update set ${columns.map((column) => `${column} = excluded.${column}`).join()}`
    : `update customers set ${columns.map((column, at) => `${column} = ${places[at]}`).join()} where id = $1`, [id, ...Object.values(values)]);
  await client.query(`select pg_sleep(${sleepMs / 1_000})`);
  await client.query('commit');
  return rowCount ?? 0;
}

async function performAll(client: pg.Client, steps: Step[]): Promise<number> {
  let written = 0;
  for (const each of steps) written += await perform(client, each);
  return written;
}

async function begin(names: (string | null)[]): Promise<void> {
  const { admin } = clients;
  await admin.query("truncate customers, audit; update meridian.migrations set checkpoint = null, rows = 0; alter table customers disable trigger user");
  await admin.query('insert into customers (id, name) select ordinality, name from unnest($1::text[]) with ordinality as given(name)', [names]);
  await admin.query('alter table customers enable trigger user');
}

/** Replays what happened to each row in the order in which it did, and compares after every write. */
async function expectEveryWriteKept(names: (string | null)[]): Promise<Map<number, Names>> {
  const rows = new Map<number, Names>(names.map((each, at) => [at + 1, { name: each, given_name: null, family_name: null }]));
  const { rows: audit } = await clients.admin.query('select * from audit order by at');
  for (const { write, op, id, name: whole, given_name, family_name } of audit) {
    const before = rows.get(id);
    const next = write === null || write === '' ? { ...before!, ...partsOf(before!.name) } : (op === 'INSERT' ? inserted : (each: NamesWrite) => updated(before!, each))(JSON.parse(write));
    expect({ name: whole, given_name, family_name }, `${op} of ${id} by ${write}, from ${JSON.stringify(before)}`).toEqual(next);
    rows.set(id, next);
  }
  return rows;
}

it('both shapes agree in every row and no write is lost, however an old release, a new one and the backfill write between each other', async () => {
  const sql = `update customers set given_name = ${splitName.using.given_name}, family_name = ${splitName.using.family_name}
    where id between $1 and $2 and given_name is null and family_name is null`;
  await fc.assert(fc.asyncProperty(fc.array(name, { maxLength: 9 }), oldSteps, newSteps, fc.integer({ min: 1, max: 4 }), async (names, old, recent, batch) => {
    await begin(names);
    const [byOld, byNew] = await Promise.all([
      performAll(clients.old, old), performAll(clients.new, recent), fill(clients.runner, workOf({ sql, batch, pause: '1ms' })),
    ]);
    const expected = await expectEveryWriteKept(names);
    const { rows } = await clients.admin.query('select id, name, given_name, family_name from customers order by id');
    expect(rows.map(({ id, ...row }) => [id, row])).toEqual([...expected].toSorted(([a], [b]) => a - b));
    for (const row of rows) expect(isInStep(row), JSON.stringify(row)).toBe(true);
    const { rows: [audited] } = await clients.admin.query("select count(*)::int as writes from audit where write <> ''");
    expect(audited.writes).toBe(byOld + byNew);
  }), { numRuns: 150 });
});
