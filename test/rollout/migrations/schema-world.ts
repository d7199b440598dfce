import { schemaAt, noteSchema, type MigrationRecord } from '../../../src/rollout/migrations/records.js';
import { checksumsOf } from '../../../src/rollout/migrations/known.js';
import { lastKnownGood, type Change } from '../../../src/rollout/pipeline/board.js';
import { noteChange } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { applyDocument, emptyLedger, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { placeKey, type Place } from '../../../src/rollout/places.js';
import type { PlaceSchema } from '../../../src/rollout/schema/migration.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { shop } from '../sample-document.js';
import type { Rules } from './schema-rules.js';

/** One database, for one place or more: what its ledger holds, as the port of a region's database promises it. */
export interface Database {
  phases: PlaceSchema;
  /** Migration → place → the rollout that claimed it. */
  claims: Record<string, Record<string, string>>;
}

/** What is, beside what the pipeline knows of it. */
export interface World {
  nowMs: number;
  ledger: PipelineLedger;
  databases: Database[];
  /** By the key of a place. */
  databaseOf: Record<string, Database>;
  runs: Record<string, Release | null>;
}

export const places: Place[] = [
  { environment: 'staging', region: 'sydney' }, { environment: 'production', region: 'frankfurt' }, { environment: 'production', region: 'virginia' },
];

const everywhere = { staging: ['sydney'], production: ['frankfurt', 'virginia'] };
export const documentOf = (regions: { staging: string[]; production: string[] }) => shop({
  database: { type: 'postgres', url: '{{ DATABASE_URL }}' },
  lifecycle: Object.entries(regions).map(([environment, names]) => ({ environment, waves: names.map((name) => [name]) })),
});

/** A contract that has a way back, one that has none, and a migration without a contract. */
const contracts = { m1: { up: 'x', down: 'y' }, m2: { up: 'x' }, m3: undefined };
export const migrationNames = Object.keys(contracts);
const begin = '2026-11-21T10:00:00.000Z';

function recordOf([name, contract]: [string, { up: string; down?: string } | undefined]): MigrationRecord {
  const migration = { name, expand: { up: 'u', down: 'd' }, ...(contract && { contract }) };
  return { migration: { ...migration, checksums: checksumsOf(migration), effects: { expand: [], contract: [] } }, release: 'r0', addedAt: begin, places: {} };
}

/** Everything runs the first release, or nothing, and nobody has looked at it yet. `shares` names the database of each place. */
export function newWorld(releases: Release[], shares: number[], isEmpty: boolean[]): World {
  const ledger = applyDocument(emptyLedger('shop', begin), documentOf(everywhere), 'ana', begin);
  const databases = places.map((): Database => ({ phases: {}, claims: {} }));
  return {
    nowMs: Date.parse(begin),
    ledger: {
      ...ledger, migrations: Object.entries(contracts).map(recordOf),
      releases: releases.map((release) => ({ release, firstSeenAt: begin, verified: {}, overrides: [], revocations: [] })),
    },
    databases,
    databaseOf: Object.fromEntries(places.map((place, index) => [placeKey(place), databases[shares[index]!]!])),
    runs: Object.fromEntries(places.map((place, index) => [placeKey(place), isEmpty[index] ? null : releases[0]!])),
  };
}

export const nowOf = ({ nowMs }: World): string => new Date(nowMs).toISOString();

/** A region says what has happened to the release there. */
export function tell(world: World, change: Omit<Change, 'at'>): void {
  world.ledger = noteChange(world.ledger, { ...change, at: nowOf(world) });
}

/** A region says what its database answers. */
export function tellSchema(world: World, place: Place): void {
  const { phases } = world.databaseOf[placeKey(place)]!;
  world.ledger = { ...world.ledger, migrations: noteSchema(world.ledger.migrations, place, phases, nowOf(world)) };
}

export const onBoard = ({ ledger }: World, place: Place): PlaceSchema => schemaAt(ledger.migrations, place);

export const cellOf = ({ ledger }: World, place: Place) => ledger.cells.find((cell) => placeKey(cell) === placeKey(place))!;

/** What an undo of `from` puts back: what is known to be good and fits, or else what ran before; undefined where a person must say. */
export function undoTarget({ ledger }: World, place: Place, from: Release, previous: Release | null, rules: Rules): Release | null | undefined {
  const releaseOf = (version: string): Release => ledger.releases.find(({ release }) => release.version === version)!.release;
  const schema = schemaAt(ledger.migrations, place);
  const fits = (version: string): boolean => !rules.undoFits || rules.refusal(releaseOf(version), schema) === null;
  const good = lastKnownGood(ledger.cells, { ...place, not: from.version }, { fits });
  if (good !== null) return releaseOf(good);
  return previous?.version === from.version ? undefined : previous;
}

/** Written without the rule: what a release uses is there. */
export function misfits({ runs, databaseOf }: World): string[] {
  return Object.entries(runs).flatMap(([key, release]) => {
    if (release === null) return [];
    const { phases } = databaseOf[key]!;
    const isWhole = (name: string): boolean => ['expanded', 'contracting', 'contracted'].includes(phases[name] ?? 'none');
    const isGone = (name: string): boolean => ['contracting', 'contracted'].includes(phases[name] ?? 'none');
    return [
      ...(release.migrations ?? []).filter((name) => !isWhole(name)).map((name) => `${key} runs ${release.version} without the new shape of ${name}`),
      ...migrationNames.filter((name) => isGone(name) && !release.freeOf?.includes(name)).map((name) => `${key} runs ${release.version} without the old shape of ${name}`),
    ];
  });
}
