import { databaseOf } from '../document/settings.js';
import { placesOfPhase } from '../document/phase-places.js';
import { MeridianFailure } from '../failure.js';
import { jsonBytes } from '../json-bytes.js';
import { limits } from '../limits.js';
import { placeKey } from '../places.js';
import { placesOf } from '../plan/plan.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan } from '../schema/plan.js';
import type { Release } from '../schema/release.js';
import { phaseIn } from './fleet.js';
import type { MigrationRecord } from './records.js';

interface Asked {
  document: PipelineDocument;
  plan: Plan;
  release: Release;
  /** With what came with the release. */
  records: MigrationRecord[];
}

/** Throws `InvalidRequest` when what a release brings would outgrow what a pipeline can remember, or a rollout can hand to its regions. */
export function refuseTooLarge(asked: Asked): void {
  refuseTooManyEntries(asked);
  refuseTooMuchHanded(asked);
}

/** Every place is going to have every migration: refused before the first of them has it. What expands nothing makes nothing larger. */
function refuseTooManyEntries({ document, plan, records }: Asked): void {
  const kept = placesWithDatabase(document);
  const left = records.reduce((sum, { places }) => sum + Object.keys(places).filter((key) => !kept.has(key)).length, 0);
  const entries = kept.size * records.length + left;
  if (plan.migrations.length === 0 || entries <= limits.schemaEntries) return;
  throw new MeridianFailure('InvalidRequest',
    `${records.length} migrations in ${kept.size} places are more than this pipeline can keep in mind (${entries}, at most ${limits.schemaEntries}): spread the regions or tenants over several pipelines.`);
}

const placesWithDatabase = (document: PipelineDocument): Set<string> =>
  new Set(document.lifecycle.filter((phase) => databaseOf(document, phase) !== null).flatMap((phase) => placesOfPhase(phase, document)).map(placeKey));

/** Each region is handed, with its SQL, what the release names and is not contracted there. */
function refuseTooMuchHanded({ plan, release, records }: Asked): void {
  const keys = plan.phases.flatMap(placesOf).map(placeKey);
  const named = records.filter(({ migration }) => release.migrations?.includes(migration.name));
  const bytes = named.reduce((sum, record) => sum + jsonBytes(record.migration) * keys.filter((key) => phaseIn(record, key) !== 'contracted').length, 0);
  if (bytes <= limits.schemaHandedBytes) return;
  throw new MeridianFailure('InvalidRequest',
    `The migrations of ${release.version} that are not contracted are ${megabytes(bytes)} MB for ${keys.length} places together, at most ${megabytes(limits.schemaHandedBytes)}: `
    + 'leave those that are expanded everywhere out of its `migrations`, name them in `freeOf` where its code does without the old shape, and let their contracts run.');
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1_048_576);
