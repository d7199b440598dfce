import { MeridianFailure } from '../rollout/failure.js';
import { checksumsOf } from '../rollout/migrations/known.js';
import type { KnownMigration, Migration } from '../rollout/schema/migration.js';
import { lintMigration, type Finding } from './lint.js';

/** The migration with its checksums and what its statements do. Throws `MigrationRefused`, with every error, when one may not be applied. */
export async function knownMigration(migration: Migration): Promise<KnownMigration> {
  const { findings, effects } = await lintMigration(migration);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new MeridianFailure('MigrationRefused', refusalOf(migration, errors));
  return { ...migration, checksums: checksumsOf(migration), effects };
}

const refusalOf = ({ name }: Migration, errors: Finding[]): string =>
  [`${name} is refused:`, ...errors.map(({ path, line, column, sql, problem, remedy }) => `${path}:${line}:${column} ${sql}\n${problem}\n${remedy}`)].join('\n\n');
