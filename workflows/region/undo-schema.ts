import type { SchemaUndo } from '../../src/rollout/states/undo.js';
import { placeKey } from '../../src/rollout/places.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { schemaUndos, undos } from '../timeouts.js';
import { schemaDeadline, schemaWork } from './expand.js';
import { nameOf, patch, place, report, tellBoard, tellSchema, type RegionRun } from './run.js';

/** Takes a phase of migrations back. What another place still needs of an expand stays, and people are told who needs it. */
export async function takeSchemaBack(run: RegionRun, { step, migrations: names }: SchemaUndo): Promise<void> {
  if (step === 'expand') await refuseUnderCode(run, names);
  const migrations = run.input.migrations.filter(({ name }) => names.includes(name));
  const { schema, kept } = await schemaUndos.undoSchema.executeWithOptions(
    { ...deadlineOf(run, step), summary: `take back the ${step} of ${names.join(', ')} in ${nameOf(run)}` },
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

/** An expand is taken back at once, or a person is asked; what a contract has taken away may take as long to come back as it takes. */
const deadlineOf = (run: RegionRun, step: SchemaUndo['step']): { scheduleToCloseTimeout: number } =>
  (step === 'expand' ? { scheduleToCloseTimeout: run.input.settings.undoTimeoutMs } : schemaDeadline(run));

/** Whatever has become of its undo: while the code that needs the shape is there, the shape stays. */
async function refuseUnderCode(run: RegionRun, names: string[]): Promise<void> {
  const { version } = run.input.release;
  const found = await undos.currentRelease(place(run));
  if (found?.version !== version) return;
  throw new MeridianFailure('UndoFailed',
    `${nameOf(run)} still runs ${version}, which needs the new shape of ${names.join(' and ')}: it stays while that is so. Put back what ran there before and retry, or skip with a reason`);
}
