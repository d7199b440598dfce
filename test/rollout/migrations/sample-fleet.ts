import { checksumsOf } from '../../../src/rollout/migrations/known.js';
import type { MigrationRecord } from '../../../src/rollout/migrations/records.js';
import { noteChange } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { applyDocument, emptyLedger, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { Migration, type SchemaPhase } from '../../../src/rollout/schema/migration.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { shop } from '../sample-document.js';

/** The pipeline begins at ten; the old shape may go an hour after the last region has changed. */
export const begin = '2026-11-21T10:00:00.000Z';
export const at = (time: string): string => `2026-11-21T${time}:00.000Z`;

export const database = { type: 'postgres', url: '{{ DATABASE_URL }}' };
export const split = '0042-split';
export const old: Release = { version: '1.0.0' };
export const both: Release = { version: '1.1.0', migrations: [split] };
export const free: Release = { version: '1.2.0', migrations: [split], freeOf: [split] };
export const free2: Release = { ...free, version: '1.3.0' };

const reversible = { up: 'alter table customers drop column name', down: 'alter table customers add column name text' };
export const oneWay = { up: reversible.up };
export const backfill = { sql: 'update customers set given_name = name where id between $1 and $2', batch: 1_000, pause: '50ms' };

/** `changes` to a migration that adds a column; expanded in these places at ten, or as far as they say. */
export function recordOf(changes: Partial<Migration>, places: string[] | Record<string, SchemaPhase> = []): MigrationRecord {
  const migration = Migration.parse({ name: split, expand: { up: 'u', down: 'd' }, contract: reversible, ...changes });
  const phases = Array.isArray(places) ? Object.fromEntries(places.map((place) => [place, 'expanded' as const])) : places;
  return {
    migration: { ...migration, checksums: checksumsOf(migration), effects: { expand: [], contract: [] } }, release: both.version, addedAt: begin,
    places: Object.fromEntries(Object.entries(phases).map(([place, phase]) => [place, { phase, since: begin }])),
  };
}

export const productionOnly = { lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt']] }] };
export const sydney = 'production/sydney';
export const frankfurt = 'production/frankfurt';

/** A pipeline of production in two regions, of which it knows nothing yet but these releases and migrations. */
export function fleetLedger(records: MigrationRecord[], changes: Record<string, unknown> = {}): PipelineLedger {
  const ledger = applyDocument(emptyLedger('shop', begin), shop({ ...productionOnly, database, ...changes }), 'ana', begin);
  const releases = [old, both, free, free2].map((release) => ({ release, firstSeenAt: begin, verified: {}, overrides: [], revocations: [] }));
  return { ...ledger, migrations: records, releases };
}

/** A release is put into a place at a time of that day, and has passed its soak five minutes later. */
export function runs(ledger: PipelineLedger, key: string, release: Release, time = '11:00'): PipelineLedger {
  const [environment, region, tenant] = key.split('/') as [string, string, string?];
  const place = { environment, region, ...(tenant !== undefined && { tenant }), rollout: 'shop-1', release };
  const changed = noteChange(ledger, { ...place, status: 'soaking', verified: false, at: at(time) });
  return noteChange(changed, { ...place, status: 'live', verified: true, at: new Date(Date.parse(at(time)) + 300_000).toISOString() });
}

/** Both regions run these since eleven. */
export const fleetOn = (record: MigrationRecord, inSydney: Release, inFrankfurt: Release = inSydney, changes: Record<string, unknown> = {}): PipelineLedger =>
  runs(runs(fleetLedger([record], changes), sydney, inSydney), frankfurt, inFrankfurt);
