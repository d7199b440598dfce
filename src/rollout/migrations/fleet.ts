import { durationMs } from '../duration.js';
import { placesOfPhase } from '../document/phase-places.js';
import { databaseOf, databasesOf } from '../document/settings.js';
import { placeKey } from '../places.js';
import type { Cell } from '../pipeline/board.js';
import type { PipelineLedger } from '../pipeline/pipeline-ledger.js';
import type { SchemaPhase } from '../schema/migration.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import type { Release } from '../schema/release.js';
import type { MigrationRecord } from './records.js';

export type FleetLedger = Pick<PipelineLedger, 'document' | 'cells' | 'releases' | 'bundles' | 'drained'>;

/** A place where something runs, or may run, and what is known of it. */
export interface FleetPlace {
  key: string;
  cell: Cell | undefined;
  /** What runs there; with nothing but its version where its bundle is forgotten: then it is free of nothing. */
  release: Release | null;
  standing: Standing;
  /** Why rollouts leave it out just now; null when it takes part. */
  leftOut: string | null;
}

/**
 *     shipped           every release goes there
 *     optional          in an environment that may be left out for ever
 *     without-database  no shape is needed there
 *     dropped           the document has it no more, and what ran there may run still
 */
type Standing = 'shipped' | 'optional' | 'without-database' | 'dropped';

/** A place that may still need the old shape of a migration. */
export interface Lagging {
  /** `<environment>/<region>[/<tenant>]` */
  place: string;
  release: string | null;
  /** In words, after the name of the place: `runs 1.0.0, which needs the old shape`. */
  why: string;
}

/** How much of the fleet is proven to do without the old shape of a migration. */
export interface Fleet {
  lagging: Lagging[];
  /** From when on every place has run without it (ISO 8601); null while one lags. */
  provenSince: string | null;
  /** When the old shape may go away, if nothing changes (ISO 8601): time has passed, and nobody watches a place on. Null while one lags. */
  readyAt: string | null;
}

/** Every place of every environment, those of tenants that are held back and of drained regions too; and those that the document has dropped, as far as the board knows them. */
export function placesOfFleet(ledger: FleetLedger): FleetPlace[] {
  const { document, cells, releases, bundles } = ledger;
  const cellOf = new Map(cells.map((cell) => [placeKey(cell), cell]));
  const known = new Map(releases.map(({ release }) => [release.version, release]));
  const runs = (version: string | null | undefined): Release | null =>
    (version === null || version === undefined ? null : known.get(version) ?? bundles[version] ?? { version });
  const standings = new Map(document === null ? [] : standingsIn(document));
  return [...new Set([...standings.keys(), ...cellOf.keys()])].map((key) => {
    const cell = cellOf.get(key);
    return { key, cell, release: runs(cell?.release), standing: standings.get(key) ?? 'dropped', leftOut: whyLeftOut(ledger, key) };
  });
}

function whyLeftOut({ document, drained }: FleetLedger, key: string): string | null {
  const [, region = '', tenant = ''] = key.split('/');
  const tenants = document?.tenants ?? {};
  if (Object.hasOwn(drained, region)) return `drained: ${drained[region]}`;
  return (Object.hasOwn(tenants, tenant) && tenants[tenant]?.holdBack !== undefined) ? `held back: ${tenants[tenant].holdBack}` : null;
}

const standingsIn = (document: PipelineDocument): [string, Standing][] =>
  document.lifecycle.flatMap((phase) => placesOfPhase(phase, document).map((place): [string, Standing] => [placeKey(place), standingOf(document, phase)]));

function standingOf(document: PipelineDocument, phase: Phase): Standing {
  if (databaseOf(document, phase) === null) return 'without-database';
  return phase.optional ? 'optional' : 'shipped';
}

/** `places` as `placesOfFleet` gives them: made once where many migrations are asked about. */
export function fleetOf(ledger: FleetLedger, record: MigrationRecord, places: FleetPlace[] = placesOfFleet(ledger)): Fleet {
  const needed = places.filter((place) => counts(place, phaseIn(record, place.key)));
  const lagging = needed.flatMap((place) => {
    const why = whyLagging(record, place);
    return why === null ? [] : [{ place: place.key, release: place.cell?.release ?? null, why: place.leftOut === null ? why : `${why} (${place.leftOut})` }];
  });
  if (lagging.length > 0) return { lagging, provenSince: null, readyAt: null };
  const provenSince = latest(needed.flatMap(({ cell }) => runningSince(cell)), record.addedAt);
  const ripe = new Date(Date.parse(provenSince) + contractAfterMs(ledger.document)).toISOString();
  return { lagging, provenSince, readyAt: latest(needed.flatMap(({ cell }) => cell?.provisional ?? []), ripe) };
}

/** How far a migration is in a place, by its key. */
export const phaseIn = ({ places }: MigrationRecord, key: string): SchemaPhase | undefined => (Object.hasOwn(places, key) ? places[key]!.phase : undefined);

/** Where nothing runs, nothing is needed; but what rollouts go to has to be finished, and what nobody has looked at may run anything. */
function counts({ cell, standing }: FleetPlace, phase: SchemaPhase | undefined): boolean {
  const status = cell?.status ?? 'unknown';
  if (standing === 'without-database' && phase === undefined) return false;
  if (standing === 'dropped') return status !== 'empty' && status !== 'unknown';
  if (status === 'unknown') return standing !== 'optional' || phase !== undefined;
  return status !== 'empty' || (phase !== undefined && phase !== 'contracted');
}

function whyLagging(record: MigrationRecord, { key, cell, release }: FleetPlace): string | null {
  const version = release?.version ?? 'nothing';
  switch (cell?.status) {
    case 'changing': return 'is being changed just now';
    case 'stuck': return 'is stuck: somebody must mend what runs there';
    case 'empty': return 'runs nothing and has the new shape: ship a release there';
    case 'unknown':
    case undefined: return 'may run anything: nobody has shipped there yet';
    case 'soaking':
    case 'live':
  }
  if (release?.freeOf?.includes(record.migration.name) !== true) return `runs ${version}, which needs the old shape`;
  if (cell.status === 'soaking') return `runs ${version}, which still soaks there`;
  if (!cell.verified) return `runs ${version}, which has not passed its soak there`;
  return phaseIn(record, key) === 'expanding' ? 'has only a part of the new shape: its expand was not finished' : null;
}

/**
 * Since when what runs there has run. The board does not remember what ran before, so that the clock begins again with another release
 * that does without the old shape as well: rather an hour too late than one too early.
 */
const runningSince = (cell: Cell | undefined): string[] => (cell === undefined ? [] : [cell.changedAt ?? cell.since]);

const latest = (times: string[], least: string): string => times.reduce((last, time) => (Date.parse(time) > Date.parse(last) ? time : last), least);

/** The longest of all environments. */
export const contractAfterMs = (document: PipelineDocument | null): number =>
  Math.max(0, ...databasesOf(document).map(({ contractAfter }) => durationMs(contractAfter)));
