import { MeridianFailure } from '../../rollout/failure.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { beginPhase, entryOf, finishPhase } from './ledger/phases.js';
import type { Entry } from './ledger/rows.js';
import { runText } from './phase-text.js';
import type { Run } from './run.js';
import { removeTriggers } from './triggers.js';
import { takeContractBack } from './undo-contract.js';

/** Takes the old shape of each migration of the step away. `ContractTooEarly` before anything is touched, when one of them was never expanded to its end. */
export async function contract(run: Run): Promise<void> {
  const { migrations } = run.step;
  for (const migration of migrations) refuseEarly(migration, await entryOf(run, migration.name));
  for (const migration of migrations) await contractOne(run, migration);
}

function refuseEarly({ name, contract: contracts }: KnownMigration, { expand }: Entry): void {
  if (contracts === undefined) throw new MeridianFailure('MigrationRefused', `${name} has no contract: send it with one in a release to come.`);
  if (expand?.state === 'done') return;
  const found = { running: 'its expand is not finished', undoing: 'its expand is being taken back', none: 'it was never expanded' }[expand?.state ?? 'none'];
  throw new MeridianFailure('ContractTooEarly', `${name} cannot be contracted here: ${found}. Ship the release that brings it first; nothing was touched.`);
}

async function contractOne(run: Run, migration: KnownMigration): Promise<void> {
  const { name } = migration;
  const { contract: row } = await entryOf(run, name);
  if (row?.state === 'done') return;
  if (row?.state === 'undoing') await takeContractBack(run, migration);
  await beginPhase(run, migration, 'contract');
  // Each trigger goes with its first column, in that statement's transaction: without it the new release could not leave out what is not null.
  await runText(run, { name, phase: 'contract', way: 'up', sql: migration.contract!.up, sync: migration.sync });
  await removeTriggers(run, migration);
  await finishPhase(run, name, 'contract');
}
