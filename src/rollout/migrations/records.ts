import { canonical } from '../canonical.js';
import { MeridianFailure } from '../failure.js';
import { limits } from '../limits.js';
import { didYouMean } from '../nearest-name.js';
import { placeKey, type Place } from '../places.js';
import type { KnownMigration, PlaceSchema, SchemaPhase } from '../schema/migration.js';
import type { Release } from '../schema/release.js';
import { phaseAt } from './compatible.js';
import { isOneWay } from './known.js';

/** What a pipeline remembers of a migration. */
export interface MigrationRecord {
  migration: KnownMigration;
  /** The release that brought it. */
  release: string;
  addedAt: string;
  /** By `<environment>/<region>[/<tenant>]`; a place that is not there has nothing of it. ISO 8601. */
  places: Record<string, { phase: SchemaPhase; since: string }>;
}

/**
 * The records with what came with a release. Throws `MigrationChanged` where one is known with another content, `InvalidRequest` for names
 * that nobody knows. A contract may come later than its expand.
 */
export function rememberMigrations(records: MigrationRecord[], sent: KnownMigration[], release: Release, at: string): MigrationRecord[] {
  const known = new Map(records.map((record) => [record.migration.name, record]));
  for (const migration of sent) {
    const before = known.get(migration.name);
    known.set(migration.name, before === undefined ? { migration, release: release.version, addedAt: at, places: {} } : completed(before, migration));
  }
  refuseUnknown([...known.keys()], release);
  refuseTooMuch([...known.values()]);
  return [...known.values()];
}

function completed(before: MigrationRecord, sent: KnownMigration): MigrationRecord {
  const { checksums, name } = before.migration;
  const changed = (['expand', 'contract'] as const).filter((phase) => checksums[phase] !== undefined && checksums[phase] !== sent.checksums[phase] && sent.checksums[phase] !== undefined);
  if (changed.length > 0) {
    throw new MeridianFailure('MigrationChanged',
      `${name} is known with another ${changed.join(' and ')}, brought by ${before.release}. A migration never changes: give the new one a new name.`);
  }
  return checksums.contract === undefined && sent.checksums.contract !== undefined ? { ...before, migration: sent } : before;
}

function refuseUnknown(known: string[], { version, migrations = [], freeOf = [] }: Release): void {
  const unknown = [...migrations, ...freeOf].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new MeridianFailure('InvalidRequest',
    `${version} names the migration ${unknown}, which this pipeline does not know.${didYouMean(unknown, known)} Send it whole, as { name, expand, … }.`);
}

/** All of it is handed over when the pipeline begins a new run. */
function refuseTooMuch(records: MigrationRecord[]): void {
  const bytes = records.reduce((sum, { migration }) => sum + canonical(migration).length, 0);
  if (bytes <= limits.migrationsKeptBytes) return;
  throw new MeridianFailure('InvalidRequest',
    `The migrations of this pipeline are ${Math.ceil(bytes / 1_024)} KB together, at most ${limits.migrationsKeptBytes / 1_024}: put those that are contracted everywhere into one that begins with the schema as it is.`);
}

/** How far every migration is in a place. */
export const schemaAt = (records: MigrationRecord[], place: Place): PlaceSchema =>
  Object.fromEntries(records.flatMap(({ migration, places }) => {
    const found = Object.hasOwn(places, placeKey(place)) ? places[placeKey(place)] : undefined;
    return found === undefined ? [] : [[migration.name, found.phase]];
  }));

/** The records after a place has said what its ledger holds. Of migrations that the pipeline does not know it is silent. */
export const noteSchema = (records: MigrationRecord[], place: Place, schema: PlaceSchema, at: string): MigrationRecord[] =>
  records.map((record) => {
    const { [placeKey(place)]: before, ...places } = record.places;
    const phase = phaseAt(schema, record.migration.name);
    if (phase === undefined) return before === undefined ? record : { ...record, places };
    return before?.phase === phase ? record : { ...record, places: { ...places, [placeKey(place)]: { phase, since: at } } };
  });

/** Those with these names, in the order of the names. */
export const definitionsOf = (records: MigrationRecord[], names: string[]): KnownMigration[] =>
  names.flatMap((name) => records.find(({ migration }) => migration.name === name)?.migration ?? []);

/** A record as the API and the Temporal UI show it. */
export const migrationState = ({ migration, release, places }: MigrationRecord) => ({
  name: migration.name,
  checksums: migration.checksums,
  effects: migration.effects,
  release,
  oneWay: isOneWay(migration),
  hasContract: migration.contract !== undefined,
  backfills: migration.backfill !== undefined,
  syncs: migration.sync !== undefined && migration.sync.length > 0,
  places: Object.fromEntries(Object.entries(places).map(([key, { phase }]) => [key, phase])),
});
export type MigrationSummary = ReturnType<typeof migrationState>;
