import { MeridianFailure } from '../failure.js';
import { regionSettings } from '../document/settings.js';
import { schemaRefusal, toExpand } from '../migrations/compatible.js';
import { definitionsOf, migrationState, schemaAt, type MigrationRecord } from '../migrations/records.js';
import { placeKey, type Place } from '../places.js';
import { placesOf } from '../plan/plan.js';
import type { Walk } from './locks.js';
import type { PipelineLedger } from './pipeline-ledger.js';
import type { KnownMigration, PlaceSchema } from '../schema/migration.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan } from '../schema/plan.js';
import type { Release } from '../schema/release.js';

/** What a rollout does to schemas, as it is handed to its workflow. */
export interface SchemaToDo {
  /** Names whose old shape goes away; absent where a release is shipped. */
  contract?: string[];
  /** The migrations themselves, in the order in which they are worked at. */
  migrations: KnownMigration[];
  /** By the key of each place of the walk: how far these are there. */
  places: Record<string, PlaceSchema>;
  /** By the key of a place: what runs there while it is contracted. */
  releases: Record<string, Release>;
}

/** How far the migrations that a walk is about are in its own environments, when its turn has come: all of a large pipeline is no message. */
export function schemaOfWalk(ledger: Pick<PipelineLedger, 'cells' | 'migrations' | 'releases'>, { release, contract, environments }: Walk) {
  const code = ledger.releases.find((known) => known.release.version === release)?.release;
  const names = contract ?? (code === undefined ? undefined : [...code.migrations ?? [], ...code.freeOf ?? []]);
  const records = names === undefined ? ledger.migrations : named(ledger.migrations, names);
  const isWalked = (key: string): boolean => environments.includes(key.split('/', 1)[0]!);
  return {
    migrations: records.map(migrationState).map((each) => ({ ...each, places: Object.fromEntries(Object.entries(each.places).filter(([key]) => isWalked(key))) })),
    places: schemaIn(records, ledger.cells.filter((cell) => isWalked(cell.environment))),
  };
}

export const schemaToDo = (records: MigrationRecord[], names: string[], plan: Plan): SchemaToDo => ({
  migrations: definitionsOf(records, names),
  places: schemaIn(named(records, names), plan.phases.flatMap(placesOf)),
  releases: {},
});

const schemaIn = (records: MigrationRecord[], places: Place[]): SchemaToDo['places'] =>
  Object.fromEntries(places.map((place) => [placeKey(place), schemaAt(records, place)]));

const named = (records: MigrationRecord[], names: string[]): MigrationRecord[] => records.filter(({ migration }) => names.includes(migration.name));

interface Fit {
  document: PipelineDocument;
  plan: Plan;
  release: Release;
  records: MigrationRecord[];
}

/** Throws `InvalidRequest` where migrations come and there is no database, `SchemaIncompatible` where the release could not run once they have. */
export function refuseUnfit({ document, plan, release, records }: Fit): void {
  for (const place of plan.phases.flatMap(placesOf)) {
    if ((release.migrations ?? []).length > 0 && regionSettings(document, place).database === null) {
      throw new MeridianFailure('InvalidRequest',
        `${release.version} brings migrations, and ${placeKey(place)} has no database: give the pipeline \`database: { type: postgres, url: … }\`.`);
    }
    const schema = schemaAt(records, place);
    const after = { ...schema, ...Object.fromEntries(toExpand(release, schema).map((name) => [name, 'expanded' as const])) };
    const refusal = schemaRefusal(release, after);
    if (refusal !== null) throw new MeridianFailure('SchemaIncompatible', `${placeKey(place)} cannot run ${release.version}: ${refusal}. Roll forward: ship a release that says freeOf.`);
  }
}
