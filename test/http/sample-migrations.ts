import type { Migration } from '../../src/rollout/schema/migration.js';
import type { PipelineState } from '../../src/http/temporal/workflows.js';

/** The name of a customer in two columns instead of one, with a way back. */
export const splitName: Migration = {
  name: '0001-split-name',
  expand: {
    up: 'alter table customers add column given_name text;\nalter table customers add column family_name text;',
    down: 'alter table customers drop column if exists family_name;\nalter table customers drop column if exists given_name;',
  },
  contract: { up: 'alter table customers drop column name;', down: 'alter table customers add column if not exists name text;' },
};

/** An expand that would lock everybody out. */
export const unsafe: Migration = { name: '0002-unsafe', expand: { up: 'alter table customers add column phone text;\n\n  drop table orders;', down: 'alter table customers drop column if exists phone;' } };

export type KnownState = PipelineState['migrations'][number];

/** How a pipeline tells of `splitName`: expanded in staging. */
export const knownSplit: KnownState = {
  name: '0001-split-name', checksums: { expand: 'a'.repeat(64), contract: 'b'.repeat(64) },
  effects: {
    expand: [{ what: 'adds the column given_name to customers', lock: 'ACCESS EXCLUSIVE', isLong: false, rewrites: false, reversible: true }],
    contract: [{ what: 'drops the column name of customers', lock: 'ACCESS EXCLUSIVE', isLong: false, rewrites: false, reversible: false }],
  },
  release: '1.1.0', oneWay: false, hasContract: true, backfills: true, syncs: true,
  places: { 'staging/frankfurt': 'expanded', 'staging/sydney': 'expanded' },
};

export const debt: PipelineState['debt'][number] = {
  migration: '0001-split-name', since: '2026-11-21T10:00:00.000Z', oneWay: false, expanded: ['staging/frankfurt', 'staging/sydney'], contracted: [],
  state: 'lagging', needs: 'production/sydney runs 1.0.0, which needs the old shape',
};
