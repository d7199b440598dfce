import { formatDuration } from '../duration.js';
import type { SchemaDebt } from '../schema/migration.js';
import { contractAfterMs, type Fleet } from './fleet.js';
import { isOneWay } from './known.js';
import { isAutomatic, isOutOfReach, wasTried, type DebtLedger, type OpenMigration } from './open-migrations.js';
import type { MigrationRecord } from './records.js';

/** In one sentence: what is missing for a migration to come to its end. */
export function needsOf(ledger: DebtLedger, migration: OpenMigration, state: SchemaDebt['state']): string {
  const { record, fleet, open } = migration;
  const { name } = record.migration;
  switch (state) {
    case 'no-contract': return `a release that brings the contract of ${name}: both shapes stay until then`;
    case 'contracting': return whoContracts(ledger, name);
    case 'lagging': return isOutOfReach(migration) ? whereItStays(migration) : whoLags(fleet);
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

function whereItStays({ withoutDatabase: [first, ...others] }: OpenMigration): string {
  const where = `${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
  return `the document gives ${where} no database any more: the old shape stays in the one that was there, until \`database\` is back`;
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
