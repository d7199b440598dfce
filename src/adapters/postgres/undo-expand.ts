import type { KeptMigration } from '../../../activities/ports/database.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { giveUpClaim } from './ledger/claims.js';
import { entryOf, forgetPhase, turnBack } from './ledger/phases.js';
import { isUntouched } from './ledger/rows.js';
import { runText } from './phase-text.js';
import type { Run } from './run.js';
import { removeTriggers } from './triggers.js';

/** Gives up what this rollout has claimed, the last migration first, and takes back what nobody claims any more. Answers what stays, and for whom. */
export async function undoExpand(run: Run): Promise<KeptMigration[]> {
  const kept: KeptMigration[] = [];
  for (const migration of run.step.migrations.toReversed()) {
    const claimedBy = await giveUpClaim(run, migration.name);
    const { expand, contract } = await entryOf(run, migration.name);
    if (expand !== undefined && claimedBy.length > 0) kept.push({ migration: migration.name, claimedBy });
    // Where the old shape is gone there is no way back over the expand.
    else if (expand !== undefined && contract === undefined) await takeExpandBack(run, migration);
  }
  return kept;
}

/** Whole, half-way there or half-way back: all of it goes, and it may be expanded again one day. */
export async function takeExpandBack(run: Run, migration: KnownMigration): Promise<void> {
  const { name } = migration;
  const { expand: row } = await entryOf(run, name);
  // A role that may not even make the first statement's change may not run `down` either, and has nothing to take back.
  const isTouched = row !== undefined && !isUntouched(row);
  if (isTouched) await turnBack(run, name, 'expand');
  // Each trigger goes with its first column.
  if (isTouched) await runText(run, { name, phase: 'expand', way: 'down', sql: migration.expand.down, sync: migration.sync });
  await removeTriggers(run, migration);
  await forgetPhase(run, name, 'expand');
}
