import { durationMs } from '../duration.js';
import { databasesOf } from '../document/settings.js';
import type { Cell } from '../pipeline/board.js';
import type { SchemaPhase } from '../schema/migration.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import { placesOfFleet, type FleetLedger, type FleetPlace } from './fleet-places.js';
import type { MigrationRecord } from './records.js';

/** A place that may still need the old shape of a migration. */
export interface Lagging {
  /** `<environment>/<region>[/<tenant>]` */
  place: string;
  release: string | null;
  /** In words, after the name of the place: `runs 1.0.0, which needs the old shape`. */
  why: string;
  /** The document has it no more: nobody can ship there as things are. */
  isDropped: boolean;
}

/** How much of the fleet is proven to do without the old shape of a migration. */
export interface Fleet {
  lagging: Lagging[];
  /** From when on every place has run without it (ISO 8601); null while one lags. */
  provenSince: string | null;
  /** When the old shape may go away, if nothing changes (ISO 8601): time has passed, and nobody watches a place on. Null while one lags. */
  readyAt: string | null;
}

/** `places` as `placesOfFleet` gives them: made once where many migrations are asked about. */
export function fleetOf(ledger: FleetLedger, record: MigrationRecord, places: FleetPlace[] = placesOfFleet(ledger)): Fleet {
  const needed = places.filter((place) => counts(place, phaseIn(record, place.key)));
  const lagging = needed.flatMap((place) => {
    const why = whyLagging(record, place);
    return why === null ? [] : [{ place: place.key, release: place.cell?.release ?? null, why: place.leftOut === null ? why : `${why} (${place.leftOut})`, isDropped: place.standing === 'dropped' }];
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
