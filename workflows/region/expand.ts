import { workflowInfo } from '@temporalio/workflow';
import { durationMs } from '../../src/rollout/duration.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { schemaRefusal } from '../../src/rollout/migrations/compatible.js';
import type { KnownMigration } from '../../src/rollout/schema/migration.js';
import { schemaSteps } from '../timeouts.js';
import { mayProceed } from './proceed.js';
import { move, nameOf, patch, place, report, tellSchema, type RegionRun } from './run.js';

/**
 * Gives the database of the region the shape that the release needs, beside the old one, before any code is changed. Its undo is recorded
 * first: migrations that somebody has expanded before are not among them.
 */
export async function expandSchema(run: RegionRun): Promise<void> {
  if (run.input.settings.database === null) return;
  const { migrations } = run.input;
  if (migrations.length > 0) await expand(run, migrations);
  await refuseUnfit(run);
}

async function expand(run: RegionRun, migrations: KnownMigration[]): Promise<void> {
  await mayProceed(run);
  const names = migrations.map(({ name }) => name);
  if (!run.undo.some(({ step }) => step === 'expand')) run.undo.unshift({ step: 'expand', migrations: names });
  move(run, 'expand');
  const { lacking } = run.input;
  if (lacking.length > 0) await report(run, `${nameOf(run)} expands ${lacking.join(', ')}`);
  await schemaSteps.expandRegion.executeWithOptions(
    { ...schemaDeadline(run), summary: `expand ${names.join(', ')} in ${nameOf(run)}` }, [schemaWork(run, migrations)],
  );
  clearNote(run);
  move(run, 'expanded');
}

/** The ledger in the database has the last word, whatever the board says, and the board hears it: no code is deployed beside a schema that it does not fit. */
async function refuseUnfit(run: RegionRun): Promise<void> {
  const { release } = run.input;
  const schema = await schemaSteps.regionSchema(schemaWork(run, []));
  const refusal = schemaRefusal(release, schema);
  await tellSchema(run, schema);
  if (refusal === null) return;
  throw new MeridianFailure('SchemaIncompatible',
    `${nameOf(run)} cannot run ${release.version}: ${refusal}. Ship a release that fits, or one that brings what is missing.`);
}

export const schemaWork = (run: RegionRun, migrations: KnownMigration[]) => {
  const { claimant, release } = run.input;
  return { ...place(run), rollout: claimant, release, migrations, workflowId: workflowInfo().workflowId };
};

/** One phase of the migrations of a region, retries included. */
export const schemaDeadline = ({ input: { settings } }: RegionRun): { scheduleToCloseTimeout: number } =>
  ({ scheduleToCloseTimeout: durationMs(settings.database!.timeout) });

/** What was said of the work while it ran. */
export function clearNote(run: RegionRun): void {
  const { note: _over, ...state } = run.state;
  run.state = state;
  patch(run, {});
}

