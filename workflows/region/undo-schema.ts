import type { SchemaUndo } from '../../src/rollout/states/undo.js';
import { placeKey } from '../../src/rollout/places.js';
import { undos } from '../timeouts.js';
import { schemaDeadline, schemaWork } from './expand.js';
import { nameOf, patch, report, tellBoard, tellSchema, type RegionRun } from './run.js';

/** Takes a phase of migrations back. What another place still needs of an expand stays, and people are told who needs it. */
export async function takeSchemaBack(run: RegionRun, { step, migrations: names }: SchemaUndo): Promise<void> {
  const migrations = run.input.migrations.filter(({ name }) => names.includes(name));
  const { schema, kept } = await undos.undoSchema.executeWithOptions(
    { ...schemaDeadline(run), summary: `take back the ${step} of ${names.join(', ')} in ${nameOf(run)}` },
    [{ ...schemaWork(run, migrations), step }],
  );
  await tellSchema(run, schema);
  if (step === 'contract') await tellBoard(run, { status: 'live', release: run.input.release });
  // What an earlier rollout has claimed for this place was here before.
  const others = kept.filter(({ claimedBy }) => !claimedBy.includes(placeKey(run.input)));
  if (others.length === 0) return;
  const note = others.map(({ migration, claimedBy }) => `${migration} stays: ${claimedBy.join(' and ')} need${claimedBy.length === 1 ? 's' : ''} it`).join('; ');
  patch(run, { note });
  await report(run, `${nameOf(run)}: ${note}`);
}
