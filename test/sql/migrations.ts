import type { Migration } from '../../src/rollout/schema/migration.js';
import { lintMigration, type Finding } from '../../src/sql/lint.js';
import type { Phase } from '../../src/sql/phases.js';

/** A migration that nothing is wrong with, for those that differ from it in one text. */
const plain: Migration = {
  name: '0001-phone',
  expand: { up: 'ALTER TABLE people ADD COLUMN phone text;', down: 'ALTER TABLE people DROP COLUMN IF EXISTS phone;' },
};

const backfillOf = (sql: string): NonNullable<Migration['backfill']> => ({ sql, batch: 100, pause: '50ms' });

/** The texts that are given, in place of those of a migration without a fault. */
export function migrationOf(texts: Partial<Record<Phase, string>>): Migration {
  const { 'expand.up': up = plain.expand.up, 'expand.down': down = plain.expand.down, backfill, 'contract.up': contract, 'contract.down': back } = texts;
  return {
    ...plain,
    expand: { up, down },
    ...(backfill !== undefined && { backfill: backfillOf(backfill) }),
    ...((contract !== undefined || back !== undefined) && { contract: { up: contract ?? 'ALTER TABLE people DROP COLUMN fax;', ...(back !== undefined && { down: back }) } }),
  };
}

export const findingsOf = async (texts: Partial<Record<Phase, string>>): Promise<Finding[]> => (await lintMigration(migrationOf(texts))).findings;

/** Rules that have something against one text, as errors or warnings. Of the missing other half they say nothing here. */
export async function rulesAgainst(phase: Phase, sql: string): Promise<string[]> {
  const findings = await findingsOf({ [phase]: sql });
  const others = ['missing-half', 'one-way', 'contract-half', 'unrelated', 'no-contract', 'down-takes-own', 'unsynced'];
  return findings.filter(({ rule }) => !others.includes(rule)).map(({ rule }) => rule);
}
