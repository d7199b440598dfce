import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileOf } from '../../adapters/migration-files.js';
import { readMigrations } from '../../adapters/migrations-folder.js';
import type { LintSource } from './lint-sources.js';

/** The part of a migration that each text is, by where it stands in the migration. */
const parts = {
  '/expand/up': 'expand.up', '/expand/down': 'expand.down', '/backfill/sql': 'backfill', '/contract/up': 'contract.up', '/contract/down': 'contract.down',
} as const;

const isText = (pointer: string): pointer is keyof typeof parts => Object.hasOwn(parts, pointer);

/** The migrations of a folder, each text in a file of its own. Throws MeridianFailure that names every file that is not right. */
export async function migrationsOfFolder(folder: string): Promise<LintSource[]> {
  const inside = path.join(folder, 'migrations');
  const home = existsSync(inside) ? inside : folder;
  return (await readMigrations(folder)).migrations.map((migration) => ({
    migration,
    place: ({ path: pointer, line, column }) => {
      if (isText(pointer)) return `${path.join(home, fileOf(migration.name, parts[pointer]))}:${line}:${column}`;
      if (pointer.startsWith('/sync')) return `${path.join(home, fileOf(migration.name, 'settings'))} ${pointer}`;
      return path.join(home, fileOf(migration.name, pointer.startsWith('/contract') ? 'contract.up' : 'expand.up'));
    },
  }));
}
