import { stat } from 'node:fs/promises';
import type { Migration } from '../../rollout/schema/migration.js';
import type { Finding } from '../../sql/lint.js';
import { CommandRefused } from '../api-errors.js';
import { migrationsOfDocument } from './lint-document.js';
import { migrationsOfFolder } from './lint-folder.js';

/** Where a finding stands in a migration. */
export type Spot = Pick<Finding, 'path' | 'line' | 'column'>;

/** A migration, and where its texts are written. */
export interface LintSource {
  migration: Migration;
  /** `0042-email.expand.sql:3:1` */
  place: (spot: Spot) => string;
}

/** What a file, a folder or standard input (`-`) holds. Throws CommandRefused when that is no migration. */
export async function readSources(file: string): Promise<LintSource[]> {
  if (file === '-') return migrationsOfDocument(file);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new CommandRefused(`${file} cannot be read: there is no such file or folder.`);
  const sources = found.isDirectory() ? await migrationsOfFolder(file) : await migrationsOfDocument(file);
  if (sources.length === 0) throw new CommandRefused(`There is no migration in ${file}: a file of one in a folder is named 0001-name.expand.sql.`);
  return sources;
}

/** The text that a finding is about; undefined when it is about the migration as a whole. */
export function textAt(migration: Migration, path: string): string | undefined {
  let value: unknown = migration;
  for (const key of path.split('/').slice(1)) {
    value = (value as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return typeof value === 'string' ? value : undefined;
}
