import { formatDuration } from '../duration.js';
import { MeridianFailure } from '../failure.js';
import { listNames } from '../list-names.js';
import { didYouMean } from '../nearest-name.js';
import { schemaDebt } from './debt.js';
import type { Lagging } from './fleet.js';
import { isAutomatic, openMigrations, wasTried, type DebtLedger, type OpenMigration } from './open-migrations.js';
import type { MigrationRecord } from './records.js';

/** Names of the migrations whose contract the pipeline starts by itself now, in the order in which it takes their old shapes away. */
export const dueContracts = (ledger: DebtLedger, now: string): string[] =>
  isBusy(ledger) ? [] : inOrder(candidates(ledger).filter((open) => isReady(open, now)));

/** When the pipeline should start a contract by itself (ISO 8601): `now` or later; null while nobody knows, and while a rollout is before it. */
export function nextDueAt(ledger: DebtLedger, now: string): string | null {
  if (isBusy(ledger)) return null;
  const [first] = candidates(ledger).map(({ fleet }) => fleet.readyAt!).toSorted((a, b) => Date.parse(a) - Date.parse(b));
  if (first === undefined) return null;
  return Date.parse(first) > Date.parse(now) ? first : now;
}

const isBusy = ({ running, queue }: DebtLedger): boolean => running.length > 0 || queue.length > 0;

/** Those that become due by themselves if nothing changes. */
const candidates = (ledger: DebtLedger): OpenMigration[] =>
  !isAutomatic(ledger) ? [] : openMigrations(ledger).filter(({ record, fleet, open }) =>
    record.migration.contract !== undefined && open.length > 0 && fleet.readyAt !== null && !wasTried(ledger, record.migration.name, fleet));

const isReady = ({ fleet }: OpenMigration, now: string): boolean => fleet.readyAt !== null && Date.parse(fleet.readyAt) <= Date.parse(now);

/** What was expanded last may build on what was before it, so that it goes first. */
const inOrder = (open: OpenMigration[]): string[] => open.map(({ record }) => record.migration.name).toReversed();

/**
 * The names of what may be contracted now, in the order in which that is done: all that are due when none are asked for. Throws
 * `ContractTooEarly` with every reason, `InvalidRequest` for names that nobody knows, `NothingToDo` where nothing is due.
 */
export function refuseEarlyContract(ledger: DebtLedger, names: string[] | undefined, now: string): string[] {
  const open = openMigrations(ledger).filter((each) => each.open.length > 0);
  if (names === undefined) return allDue(ledger, open, now);
  const asked = [...new Set(names)].map((name) => recordOf(ledger, name));
  const reasons = asked.flatMap((record) => whyNot(ledger, record, open.find((each) => each.record === record), now));
  if (reasons.length > 0) throw new MeridianFailure('ContractTooEarly', reasons.join('\n'));
  const left = open.filter(({ record }) => asked.includes(record));
  if (left.length > 0) return inOrder(left);
  throw new MeridianFailure('NothingToDo', `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} ${whatIsLeft(ledger, asked, now)}`);
}

/** The old shape may be left in places where no rollout goes. */
function whatIsLeft(ledger: DebtLedger, asked: MigrationRecord[], now: string): string {
  const left = schemaDebt(ledger, now).filter((debt) => asked.some(({ migration }) => migration.name === debt.migration));
  if (left.length === 0) return 'contracted wherever a rollout goes: the old shape is gone.';
  return `contracted wherever a rollout goes now. ${left.map(({ migration, needs }) => `${migration}: ${needs}.`).join(' ')}`;
}

function allDue(ledger: DebtLedger, open: OpenMigration[], now: string): string[] {
  const due = open.filter((each) => each.record.migration.contract !== undefined && isReady(each, now));
  if (due.length > 0) return inOrder(due);
  const debts = schemaDebt(ledger, now).map(({ migration, needs }) => `${migration}: ${needs}.`);
  throw new MeridianFailure('NothingToDo', ['No contract is due.', ...debts].join(' '));
}

function recordOf({ name: pipeline, migrations }: DebtLedger, name: string): MigrationRecord {
  const known = migrations.map(({ migration }) => migration.name);
  const record = migrations.find(({ migration }) => migration.name === name);
  if (record !== undefined) return record;
  throw new MeridianFailure('InvalidRequest', `${pipeline} has no migration ${name}. It has: ${listNames(known) || 'none'}.${didYouMean(name, known)}`);
}

/** Every reason why it is too early for one of them. */
function whyNot(ledger: DebtLedger, { migration, places }: MigrationRecord, open: OpenMigration | undefined, now: string): string[] {
  const { name, contract } = migration;
  if (contract === undefined) return [`${name} has no contract: ship a release that brings one, with the same expand.`];
  if (open === undefined) return hasBegun(places) ? [] : [`${name} was never expanded: ship a release that names it first.`];
  const { lagging, readyAt } = open.fleet;
  if (lagging.length > 0) return [`${name} may still be needed: ${shown(lagging)}. ${adviceFor(name, lagging)}`];
  if (isReady(open, now)) return [];
  return [`${name} is due at ${readyAt}, in ${formatDuration(Date.parse(readyAt!) - Date.parse(now))}: the fleet has done without the old shape since ${open.fleet.provenSince} only, and until then what runs may have to be undone.`];
}

function adviceFor(name: string, lagging: Lagging[]): string {
  const ship = `Ship a release there that says freeOf: [${name}], and let it soak.`;
  return lagging.some(({ isDropped }) => isDropped) ? `${ship} What the document has no more counts for as long as something may run there: put it back into the document for that time.` : ship;
}

const hasBegun = (places: MigrationRecord['places']): boolean => Object.values(places).some(({ phase }) => phase !== 'expanding');

/** As many as a person reads. */
const shownAtMost = 20;

function shown(lagging: Lagging[]): string {
  const texts = lagging.slice(0, shownAtMost).map(({ place, why }) => `${place} ${why}`);
  return [...texts, ...(lagging.length > shownAtMost ? [`${lagging.length - shownAtMost} more`] : [])].join('; ');
}
