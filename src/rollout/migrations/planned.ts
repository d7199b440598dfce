import { placeKey, type Place } from '../places.js';
import type { PlannedMigration, PointOfNoReturn } from '../schema/plan.js';
import type { Release } from '../schema/release.js';
import type { MigrationSummary } from './records.js';

interface Asked {
  migrations: MigrationSummary[];
  /** In the order of the walk. */
  places: Place[];
}

type Code = Pick<Release, 'migrations' | 'freeOf'>;

/** What the places of a walk lack of what a release needs, in the order of the release. */
export function plannedMigrations({ release, migrations, places }: Asked & { release: Code }): PlannedMigration[] {
  return pick(migrations, release.migrations ?? []).flatMap((migration) => {
    const lacking = keysWhere(migration, places, (phase) => phase === undefined || phase === 'expanding');
    const { name, backfills, syncs, effects } = migration;
    return lacking.length === 0 ? [] : [{
      name, work: 'expand' as const, places: lacking, backfills, syncs, oneWay: false, contract: whatFollows(migration, release), effects: effects.expand,
    }];
  });
}

/** Where the old shape of these goes away, in the order of the names. */
export function plannedContracts({ names, migrations, places }: Asked & { names: string[] }): PlannedMigration[] {
  return pick(migrations, names).flatMap((migration) => {
    const open = keysWhere(migration, places, (phase) => phase === 'expanded' || phase === 'contracting');
    const { name, syncs, oneWay, effects } = migration;
    return open.length === 0 ? [] : [{
      name, work: 'contract' as const, places: open, backfills: false, syncs, oneWay, contract: kindOf(migration), effects: effects.contract,
    }];
  });
}

const pick = (migrations: MigrationSummary[], names: string[]): MigrationSummary[] =>
  names.flatMap((name) => migrations.find((each) => each.name === name) ?? []);

const keysWhere = ({ places: phases }: MigrationSummary, places: Place[], isMeant: (phase: MigrationSummary['places'][string] | undefined) => boolean): string[] =>
  places.map(placeKey).filter((key) => isMeant(Object.hasOwn(phases, key) ? phases[key] : undefined));

const kindOf = ({ oneWay }: MigrationSummary): 'one-way' | 'reversible' => (oneWay ? 'one-way' : 'reversible');

function whatFollows(migration: MigrationSummary, { freeOf = [] }: Code): PlannedMigration['contract'] {
  if (!migration.hasContract) return 'none';
  return freeOf.includes(migration.name) ? kindOf(migration) : 'later';
}

/** Where a plan through these environments passes what cannot be undone; null while every step of it has an undo. */
export function pointOfNoReturn(planned: PlannedMigration[], environments: string[]): PointOfNoReturn | null {
  const oneWay = planned.filter((each) => each.oneWay);
  const passed = new Set(oneWay.flatMap(({ places }) => places.map(environmentOf)));
  const environment = environments.find((each) => passed.has(each));
  if (environment === undefined) return null;
  const migrations = oneWay.map(({ name }) => name);
  const what = `${migrations.join(' and ')} ${migrations.length === 1 ? 'has' : 'have'} no contract.down`;
  return { environment, migrations, why: `${what}: once the old shape is gone there, neither it nor a release that needs it can come back.` };
}

const environmentOf = (key: string): string => key.split('/', 1)[0]!;
