import type { SchemaDebt } from '../schema/migration.js';
import { needsOf } from './debt-needs.js';
import { isOneWay } from './known.js';
import { isOutOfReach, openMigrations, type DebtLedger, type OpenMigration } from './open-migrations.js';
import type { MigrationRecord } from './records.js';

/** Migrations that are not at their end, oldest first, and what keeps each from it. */
export function schemaDebt(ledger: DebtLedger, now: string): SchemaDebt[] {
  return openMigrations(ledger)
    .filter(({ record }) => record.migration.contract !== undefined || leavesSomething(ledger, record))
    .map((open) => debtOf(ledger, open, now))
    .toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since));
}

/** What only adds owes nothing. What fills back, keeps in step, or is replaced in the eyes of some release, has an old shape to take away. */
const leavesSomething = ({ releases }: DebtLedger, { migration: { name, backfill, sync } }: MigrationRecord): boolean =>
  backfill !== undefined || (sync !== undefined && sync.length > 0) || releases.some(({ release }) => release.freeOf?.includes(name));

function debtOf(ledger: DebtLedger, open: OpenMigration, now: string): SchemaDebt {
  const { record: { migration, places }, fleet } = open;
  const keysIn = (phases: string[]): string[] => Object.keys(places).filter((key) => phases.includes(places[key]!.phase));
  const state = stateOf(ledger, open, now);
  return {
    migration: migration.name,
    since: Object.values(places).map((place) => place.since).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]!,
    oneWay: isOneWay(migration),
    expanded: keysIn(['expanded', 'contracting']),
    contracted: keysIn(['contracted']),
    state,
    ...(state === 'ripening' && { due: fleet.readyAt! }),
    needs: needsOf(ledger, open, state),
  };
}

function stateOf({ running, queue }: DebtLedger, open: OpenMigration, now: string): SchemaDebt['state'] {
  const { record: { migration }, fleet: { lagging, readyAt } } = open;
  if (migration.contract === undefined) return 'no-contract';
  if ([...running, ...queue].some(({ contract }) => contract?.includes(migration.name))) return 'contracting';
  if (lagging.length > 0 || readyAt === null || isOutOfReach(open)) return 'lagging';
  return Date.parse(readyAt) > Date.parse(now) ? 'ripening' : 'due';
}
