import { MeridianFailure } from '../../rollout/failure.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { entryOf, forgetPhase, turnBack } from './ledger/phases.js';
import { isUntouched } from './ledger/rows.js';
import { runText } from './phase-text.js';
import { putRowsBack } from './put-back.js';
import type { Run } from './run.js';
import { putTriggers } from './triggers.js';

/** Puts the old shape of each migration back, the last one first. What was never contracted stays as it is. */
export async function undoContract(run: Run): Promise<void> {
  for (const migration of run.step.migrations.toReversed()) await takeContractBack(run, migration);
}

/** Whole, half-way there or half-way back: the old shape is there again, and both are kept in step. */
export async function takeContractBack(run: Run, migration: KnownMigration): Promise<void> {
  const { name, contract } = migration;
  const { contract: row } = await entryOf(run, name);
  if (row === undefined) return;
  // Else nothing but the triggers has gone, and `down` might not bear to find the rest there.
  if (!isUntouched(row)) {
    if (contract?.down === undefined) throw oneWay(name);
    await turnBack(run, name, 'contract');
    await runText(run, { name, phase: 'contract', way: 'down', sql: contract.down, sync: migration.sync }, () => putRowsBack(run, migration));
  }
  await putTriggers(run, migration);
  await forgetPhase(run, name, 'contract');
}

const oneWay = (name: string): MeridianFailure => new MeridianFailure('MigrationFailed',
  `${name} has been contracted here, and its contract has no way back (no \`down\`). Roll forward: ship a release that does without the old shape.`);
