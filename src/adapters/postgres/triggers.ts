import type { KnownMigration } from '../../rollout/schema/migration.js';
import { shortly, type Run } from './run.js';
import { createSync, dropSync } from './sync.js';

/** From here on a row is kept in step, whichever shape it is written in. */
export const putTriggers = (run: Run, migration: KnownMigration): Promise<void> => changeTriggers(run, migration, 'puts its triggers in place', createSync);

/** They name columns of both shapes, and one of these goes. */
export const removeTriggers = (run: Run, migration: KnownMigration): Promise<void> => changeTriggers(run, migration, 'removes its triggers', dropSync);

async function changeTriggers(run: Run, migration: KnownMigration, what: string, change: typeof createSync): Promise<void> {
  const { session: { client }, step: { pipeline } } = run;
  if ((migration.sync ?? []).length === 0) return;
  run.say(`${migration.name}: ${what}`);
  await shortly(run, `${migration.name}, sync`, () => change(client, { pipeline, migration }));
}
