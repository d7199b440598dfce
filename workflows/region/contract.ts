import { MeridianFailure } from '../../src/rollout/failure.js';
import { isOneWay, namesOf } from '../../src/rollout/migrations/known.js';
import { schemaSteps, steps } from '../timeouts.js';
import { clearNote, schemaDeadline, schemaWork } from './expand.js';
import { passGates } from './gates.js';
import { mayProceed } from './proceed.js';
import { fail, move, nameOf, patch, place, report, tellBoard, tellSchema, type RegionRun } from './run.js';

/**
 * Takes the old shape out of the database of the region, where the release runs that no longer needs it. Its undo is recorded first, as far as
 * there is one: what is one-way stays as it is, whatever comes after.
 */
export async function contractSchema(run: RegionRun): Promise<void> {
  const { migrations } = run.input;
  const names = migrations.map(({ name }) => name).join(', ');
  if (run.input.settings.database === null) throw new MeridianFailure('DatabaseRefused', `${nameOf(run)} has no database any more: nothing can be contracted there.`);
  // All gates are open in the moment in which it begins, and what runs there was seen just before.
  do {
    await passGates(run);
    await refuseStranger(run);
  } while (await mayProceed(run));
  const reversible = migrations.filter((migration) => !isOneWay(migration)).map(({ name }) => name);
  if (reversible.length > 0) run.undo.push({ step: 'contract', migrations: reversible });
  run.isContracting = true;
  move(run, 'contract');
  await report(run, `${nameOf(run)} contracts ${names}`);
  await tellSchema(run, await schemaSteps.contractRegion.executeWithOptions(
    { ...schemaDeadline(run), summary: `contract ${names} in ${nameOf(run)}` }, [schemaWork(run, migrations)],
  ));
  clearNote(run);
}

/** What has no way back stays, whatever ended the walk: only forward is left. */
export async function leaveContracted(run: RegionRun): Promise<void> {
  await tellBoard(run, { status: 'live', release: run.input.release });
  const { failure, status } = run.state;
  const names = namesOf(run.input.migrations).join(' and ');
  if (failure === undefined && (status === 'soaking' || status === 'held')) {
    patch(run, { note: `the contract of ${names} stays, as it has no way back; its soak was cut short` });
    return move(run, 'supersede');
  }
  const what = status === 'contracting' ? `The contract of ${names} in ${nameOf(run)} has stopped, and may be half done: start it again.` : `The contract of ${names} in ${nameOf(run)} has no way back: roll forward.`;
  fail(run, { code: failure?.code ?? 'MigrationFailed', message: failure === undefined ? what : `${failure.message} ${what}` });
  move(run, 'fail');
}

/** What is there now is what must do without the old shape: the release that the board knows, and nobody else's. */
async function refuseStranger(run: RegionRun): Promise<void> {
  const { release } = run.input;
  const found = await steps.currentRelease(place(run));
  patch(run, { previous: found?.version ?? null, release: found?.version ?? null });
  if (found?.version === release.version) return;
  throw new MeridianFailure('Drift',
    `${nameOf(run)} runs ${found?.version ?? 'nothing'}, and the board says ${release.version}: somebody else has changed it. `
    + 'Nothing was contracted there: ship a release first, or resume when it is back.');
}
