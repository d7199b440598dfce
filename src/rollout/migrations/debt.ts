import { formatDuration } from '../duration.js';
import { placesOfWalk } from '../plan/plan-question.js';
import { placeKey } from '../places.js';
import { databasesOf } from '../document/settings.js';
import type { PipelineLedger } from '../pipeline/pipeline-ledger.js';
import type { SchemaDebt } from '../schema/migration.js';
import { contractAfterMs, fleetOf, phaseIn, placesOfFleet, type Fleet, type FleetLedger, type FleetPlace } from './fleet.js';
import { isOneWay } from './known.js';
import type { MigrationRecord } from './records.js';

export type DebtLedger = FleetLedger & Pick<PipelineLedger, 'name' | 'migrations' | 'running' | 'queue' | 'contractsTried'>;

/** A migration that still has its old shape somewhere, and what is known of the fleet. */
export interface OpenMigration {
  record: MigrationRecord;
  fleet: Fleet;
  /** Keys of the places that a rollout of its contract would go to. */
  open: string[];
}

/** Migrations that are not at their end, oldest first, and what keeps each from it. */
export function schemaDebt(ledger: DebtLedger, now: string): SchemaDebt[] {
  return openMigrations(ledger)
    .filter(({ record }) => record.migration.contract !== undefined || leavesSomething(ledger, record))
    .map((open) => debtOf(ledger, open, now))
    .toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since));
}

/** In the order in which they came. Those that are still expanded for the first time anywhere are not among them. */
export function openMigrations(ledger: DebtLedger): OpenMigration[] {
  if (ledger.migrations.length === 0) return [];
  const places = placesOfFleet(ledger);
  const walked = new Set(ledger.document?.lifecycle.flatMap((phase) => placesOfWalk(ledger.document!, phase).map(placeKey)));
  return ledger.migrations.flatMap((record) => {
    const open = placesWhere(record, places, ['expanded', 'contracting']);
    return open.length === 0 ? [] : [{ record, fleet: fleetOf(ledger, record, places), open: open.filter((key) => walked.has(key)) }];
  });
}

/** What was dropped is nobody's debt: no rollout goes there. */
const placesWhere = (record: MigrationRecord, places: FleetPlace[], phases: (string | undefined)[]): string[] =>
  places.filter(({ key, standing }) => standing !== 'dropped' && phases.includes(phaseIn(record, key))).map(({ key }) => key);

/** What only adds owes nothing. What fills back, keeps in step, or is replaced in the eyes of some release, has an old shape to take away. */
const leavesSomething = ({ releases }: DebtLedger, { migration: { name, backfill, sync } }: MigrationRecord): boolean =>
  backfill !== undefined || (sync !== undefined && sync.length > 0) || releases.some(({ release }) => release.freeOf?.includes(name));

function debtOf(ledger: DebtLedger, { record, fleet, open }: OpenMigration, now: string): SchemaDebt {
  const { migration, places } = record;
  const keysIn = (phases: string[]): string[] => Object.keys(places).filter((key) => phases.includes(places[key]!.phase));
  const state = stateOf(ledger, record, fleet, now);
  return {
    migration: migration.name,
    since: Object.values(places).map((place) => place.since).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]!,
    oneWay: isOneWay(migration),
    expanded: keysIn(['expanded', 'contracting']),
    contracted: keysIn(['contracted']),
    state,
    ...(state === 'ripening' && { due: fleet.readyAt! }),
    needs: needsOf(ledger, { record, fleet, open }, state),
  };
}

function stateOf({ running, queue }: DebtLedger, { migration }: MigrationRecord, { lagging, readyAt }: Fleet, now: string): SchemaDebt['state'] {
  if (migration.contract === undefined) return 'no-contract';
  if ([...running, ...queue].some(({ contract }) => contract?.includes(migration.name))) return 'contracting';
  if (lagging.length > 0 || readyAt === null) return 'lagging';
  return Date.parse(readyAt) > Date.parse(now) ? 'ripening' : 'due';
}

function needsOf(ledger: DebtLedger, { record, fleet, open }: OpenMigration, state: SchemaDebt['state']): string {
  const { name } = record.migration;
  switch (state) {
    case 'no-contract': return `a release that brings the contract of ${name}: both shapes stay until then`;
    case 'contracting': return whoContracts(ledger, name);
    case 'lagging': return whoLags(fleet);
    case 'ripening': return `due at ${clock(fleet.readyAt!)}: ${whenRipe(ledger, fleet)}, if nothing changes`;
    case 'due': return whoStarts(ledger, record, fleet, open);
  }
}

function whoContracts({ running, queue }: DebtLedger, name: string): string {
  const runs = running.find(({ contract }) => contract?.includes(name));
  const waits = queue.find(({ contract }) => contract?.includes(name));
  return runs === undefined ? `${waits?.rollout} waits in line to take the old shape away` : `${runs.rollout} takes the old shape away`;
}

function whoLags({ lagging: [first, ...others] }: Fleet): string {
  return `${first!.place} ${first!.why}${others.length === 0 ? '' : `; ${others.length} more`}`;
}

/** `2026-11-22 15:40 UTC` */
const clock = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

function whenRipe({ document }: DebtLedger, { provenSince, readyAt }: Fleet): string {
  const afterMs = contractAfterMs(document);
  const isWatched = Date.parse(readyAt!) > Date.parse(provenSince!) + afterMs;
  return isWatched ? 'when no region is watched on any more' : `${formatDuration(afterMs)} after the last region`;
}

function whoStarts(ledger: DebtLedger, record: MigrationRecord, fleet: Fleet, open: string[]): string {
  const { name } = record.migration;
  const approval = isOneWay(record.migration) ? '; it has no way back, and waits for an approval' : '';
  if (open.length === 0) return 'only tenants that are held back have the old shape still: it goes when they are let go';
  if (!isAutomatic(ledger)) return `a person starts the contract (database.contract is manual)${approval}`;
  if (wasTried(ledger, name, fleet)) return `its contract was started at ${clock(ledger.contractsTried![name]!)} and did not come to its end; a person starts it again${approval}`;
  return `the contract starts by itself as soon as no rollout runs or waits in line${approval}`;
}

/** No environment wants a person to start it. */
export const isAutomatic = ({ document }: DebtLedger): boolean => databasesOf(document).every(({ contract }) => contract === 'automatic');

/** It was started without anybody asking, and the fleet is as it was then: it would come to the same. */
export const wasTried = ({ contractsTried = {} }: DebtLedger, name: string, { provenSince }: Fleet): boolean =>
  Object.hasOwn(contractsTried, name) && Date.parse(contractsTried[name]!) >= Date.parse(provenSince!);
