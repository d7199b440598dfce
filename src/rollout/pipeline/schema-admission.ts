import { MeridianFailure } from '../failure.js';
import { regionSettings } from '../document/settings.js';
import { schemaRefusal, toExpand } from '../migrations/compatible.js';
import { definitionsOf, schemaAt, type MigrationRecord } from '../migrations/records.js';
import { placeKey } from '../places.js';
import { placesOf } from '../plan/plan.js';
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
  /** By the key of each place of the walk: how far it is. */
  places: Record<string, PlaceSchema>;
  /** By the key of a place: what runs there while it is contracted. */
  releases: Record<string, Release>;
}

/** By the key of every place of the board. */
export const schemaOfPlaces = ({ cells, migrations }: Pick<PipelineLedger, 'cells' | 'migrations'>): SchemaToDo['places'] =>
  Object.fromEntries(cells.map((cell) => [placeKey(cell), schemaAt(migrations, cell)]));

export const schemaToDo = (records: MigrationRecord[], names: string[], plan: Plan): SchemaToDo => ({
  migrations: definitionsOf(records, names),
  places: Object.fromEntries(plan.phases.flatMap(placesOf).map((place) => [placeKey(place), schemaAt(records, place)])),
  releases: {},
});

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
