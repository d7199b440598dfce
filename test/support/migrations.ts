import { checksumsOf } from '../../src/rollout/migrations/known.js';
import type { KnownMigration, Migration } from '../../src/rollout/schema/migration.js';

/** A migration as the edge classifies it, where a test does not care what it does. */
export function knownMigration(name: string, changes: Partial<Migration> = {}): KnownMigration {
  const migration: Migration = {
    name,
    expand: { up: `alter table customers add column ${column(name)} text`, down: `alter table customers drop column if exists ${column(name)}` },
    contract: { up: 'alter table customers drop column name', down: 'alter table customers add column if not exists name text' },
    ...changes,
  };
  return { ...migration, checksums: checksumsOf(migration), effects: { expand: [], contract: [] } };
}

const column = (name: string): string => `c_${name.replaceAll('-', '_')}`;
