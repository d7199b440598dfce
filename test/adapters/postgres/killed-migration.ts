import { expect } from 'vitest';
import type { PlaceSchema } from '../../../src/rollout/schema/migration.js';
import { known, type TestRegion } from './region-database.js';

/** Its index takes long enough to be killed in. */
export const slowly = `create function slowly(text) returns text language plpgsql immutable as $$ begin perform sum(n) from generate_series(1, 200) as n; return $1; end $$`;

/** Everything that a migration may hold: statements within and outside transactions, triggers, and a backfill that shows how often it changed a row. */
export const migration = known({
  name: 'm',
  expand: {
    up: `
      alter table customers add given_name text;
      alter table customers add touched int not null default 0;
      create index concurrently customers_given on customers (slowly(given_name));
      alter table customers add constraint given_short check (length(given_name) < 100) not valid;
      alter table customers validate constraint given_short;
      create unique index concurrently customers_reverse on customers (slowly(name));`,
    down: `
      drop index concurrently if exists customers_reverse;
      alter table customers drop constraint if exists given_short;
      drop index concurrently if exists customers_given;
      alter table customers drop column if exists touched;
      alter table customers drop column if exists given_name;`,
  },
  backfill: { sql: 'update customers set given_name = reverse(name), touched = touched + 1 where id between $1 and $2', batch: 500, pause: '1ms' },
  sync: [{ table: 'customers', from: ['name'], to: ['given_name'], using: { given_name: 'reverse(name)', name: 'reverse(given_name)' } }],
  contract: {
    up: `
      drop index concurrently if exists customers_reverse;
      create index concurrently customers_touched on customers (touched);
      alter table customers drop column if exists name;`,
    down: `
      drop index concurrently if exists customers_touched;
      alter table customers add column if not exists name text;
      create unique index concurrently if not exists customers_reverse on customers (slowly(name));`,
  },
});

/** What is true once statement n is done, in the order of each text. `alone` where it cannot be counted together with what it does. */
interface Fact {
  sql: string;
  alone?: true;
}

const column = (name: string): Fact => ({ sql: `exists (select from pg_attribute where attrelid = 'customers'::regclass and attname = '${name}' and not attisdropped)` });
const index = (name: string): Fact => ({ sql: `coalesce((select indisvalid and indisready from pg_index where indexrelid = to_regclass('${name}')), false)`, alone: true });
const constraint = (what: string): Fact => ({ sql: `exists (select from pg_constraint where conname = 'given_short'${what})` });
const noIndex = (name: string): Fact => ({ sql: `to_regclass('${name}') is null`, alone: true });
const not = ({ sql }: Fact): Fact => ({ sql: `not ${sql}` });

const facts = {
  'expand running': [column('given_name'), column('touched'), index('customers_given'), constraint(''), constraint(' and convalidated'), index('customers_reverse')],
  'expand undoing': [noIndex('customers_reverse'), not(constraint('')), noIndex('customers_given'), not(column('touched')), not(column('given_name'))],
  'contract running': [noIndex('customers_reverse'), index('customers_touched'), not(column('name'))],
  'contract undoing': [noIndex('customers_touched'), column('name'), index('customers_reverse')],
};

const whole = {
  expand: [...facts['expand running'], column('name')],
  contract: [...facts['contract running'], column('given_name'), column('touched')],
};

/** Whatever the ledger counts is there, and nothing that it does not count yet; but for one statement outside a transaction, which may be done and not counted. */
export async function expectLedgerIsSchema({ ask }: TestRegion, when: string): Promise<void> {
  const rows = (await ask<{ exists: boolean }>("select to_regclass('meridian.migrations') is not null as exists"))[0]!.exists
    ? await ask<{ phase: 'expand' | 'contract'; state: 'running' | 'done' | 'undoing'; statements: number }>('select phase, state, statements from meridian.migrations order by phase')
    : [];
  const row = rows[0]; // `contract` before `expand`
  if (row === undefined) return expectFacts(ask, [column('name'), ...facts['expand undoing']], when);
  if (row.state === 'done') return expectFacts(ask, whole[row.phase], when);
  const expected = facts[`${row.phase} ${row.state}`];
  await expectFacts(ask, expected.slice(0, row.statements), `${when}: ${row.phase} ${row.state}, ${row.statements} statements`);
  if (row.state === 'undoing') return; // What is not taken back yet may never have been there.
  const later = expected.slice(row.statements).filter((fact, at) => !(at === 0 && fact.alone === true));
  // `drop … if exists` of a statement to come may find nothing to drop, so only what is made is looked at.
  await expectFacts(ask, later.filter(({ sql }) => !sql.startsWith('not ') && !sql.startsWith('to_regclass')).map(not), `${when}: not yet`);
}

async function expectFacts(ask: TestRegion['ask'], expected: Fact[], when: string): Promise<void> {
  if (expected.length === 0) return;
  const [found] = await ask<Record<string, boolean>>(`select ${expected.map(({ sql }, at) => `${sql} as "${at}"`).join(', ')}`);
  expect(expected.filter((_fact, at) => found![at] !== true).map(({ sql }) => sql), when).toEqual([]);
}

/** Where a phase is whole, so is everything that belongs to it: no invalid index, triggers where both shapes are, each row filled back exactly once. */
export async function expectWhole({ ask }: TestRegion, schema: PlaceSchema, rows: number, when: string): Promise<void> {
  const phase = schema.m ?? 'absent';
  const indexes = await ask<{ name: string }>("select indexrelid::regclass::text as name from pg_index where indrelid = 'customers'::regclass and indisvalid order by 1");
  const wanted = { absent: [], expanding: [], expanded: ['customers_given', 'customers_reverse'], contracting: [], contracted: ['customers_given', 'customers_touched'] }[phase];
  expect(indexes.map(({ name }) => name), when).toEqual([...wanted, 'customers_pkey'].toSorted());
  expect(await ask("select indexrelid::regclass from pg_index where not indisvalid and indrelid = 'customers'::regclass"), when).toEqual([]);
  expect(await ask("select count(*)::int as n from pg_trigger where tgrelid = 'customers'::regclass and not tgisinternal"), when).toEqual([{ n: phase === 'expanded' ? 1 : 0 }]);
  if (phase !== 'contracted') expect(await ask("select count(*)::int as n from customers where name = 'Ann Bell ' || id"), when).toEqual([{ n: rows }]);
  if (phase === 'absent') return;
  expect(await ask('select count(*)::int as n from customers where touched = 1 and given_name is not null'), when).toEqual([{ n: rows }]);
}
