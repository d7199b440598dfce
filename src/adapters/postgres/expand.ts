import type { SchemaProgress } from '../../../activities/ports/database.js';
import type { KnownMigration } from '../../rollout/schema/migration.js';
import { runBackfill } from './backfill.js';
import { claim } from './ledger/claims.js';
import { beginPhase, entryOf, finishPhase } from './ledger/phases.js';
import { runText } from './phase-text.js';
import type { Run } from './run.js';
import { putTriggers } from './triggers.js';
import { takeExpandBack } from './undo-expand.js';

/** Claims the migrations of the step, and gives the database their new shape beside the old one. */
export async function expand(run: Run, progress: SchemaProgress): Promise<void> {
  await claim(run);
  for (const migration of run.step.migrations) await expandOne(run, migration, progress);
}

async function expandOne(run: Run, migration: KnownMigration, progress: SchemaProgress): Promise<void> {
  const { name } = migration;
  const entry = await entryOf(run, name);
  // What is contracted, or on its way there, is beyond that.
  if (entry.contract !== undefined || entry.expand?.state === 'done') return;
  // Half-way back nobody knows which of its statements hold: it begins anew.
  if (entry.expand?.state === 'undoing') await takeExpandBack(run, migration);
  await beginPhase(run, migration, 'expand');
  await runText(run, { name, phase: 'expand', way: 'up', sql: migration.expand.up });
  // Before the backfill: a row that changes while that runs is in step already.
  await putTriggers(run, migration);
  await fillBack(run, migration, progress);
  await finishPhase(run, name, 'expand');
}

async function fillBack({ session, step: { pipeline } }: Run, migration: KnownMigration, progress: SchemaProgress): Promise<void> {
  if (migration.backfill === undefined) return;
  await runBackfill(session.client, { pipeline, migration, database: session.settings }, progress, session.signal);
}
