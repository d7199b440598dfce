import { listNames } from '../list-names.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { TableLock } from '../schema/migration.js';
import type { PlannedMigration } from '../schema/plan.js';
import type { Release } from '../schema/release.js';
import type { MigrationSummary } from './records.js';

/** What is shipped, and everything that its pipeline knows: for what comes after a plan that has nothing to expand. */
interface Shipped {
  release: Pick<Release, 'freeOf'>;
  migrations: MigrationSummary[];
}

/** The risks of what a plan does to schemas, a sentence each. */
export const migrationWarnings = (planned: PlannedMigration[], document: PipelineDocument, shipped?: Shipped): string[] => [
  ...planned.flatMap((each) => [...noWayBack(each), ...longLocks(each), ...noContract(each)]),
  ...oneWayToFollow(planned, document, shipped),
];

const noWayBack = ({ name, oneWay }: PlannedMigration): string[] =>
  oneWay ? [`${name}: its contract has no way back. Once it has run, only a newer release can mend what is wrong with it.`] : [];

/** Under the weaker ones everybody reads and writes on. */
const keepsWaiting: readonly TableLock[] = ['SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];

const longLocks = ({ name, effects, work }: PlannedMigration): string[] =>
  effects.filter(({ isLong, rewrites, lock }) => rewrites || (isLong && keepsWaiting.includes(lock))).map(({ what, lock, rewrites }) =>
    `${name}: its ${work} ${what}, ${rewrites ? 'writes the whole table anew, ' : ''}and holds ${lock} for as long as the table is large.`);

const noContract = ({ name, contract, backfills, syncs }: PlannedMigration): string[] =>
  contract === 'none' && (backfills || syncs) ? [`${name} has no contract yet: both shapes stay until a release brings one.`] : [];

/** Nothing of it is in the plan itself: it comes when the fleet is proven. */
function oneWayToFollow(planned: PlannedMigration[], document: PipelineDocument, shipped: Shipped | undefined): string[] {
  const isOpen = ({ places }: MigrationSummary): boolean => Object.values(places).some((phase) => phase !== 'contracted');
  const known = shipped?.migrations.filter((each) => each.oneWay && isOpen(each) && shipped.release.freeOf?.includes(each.name)) ?? [];
  const names = new Set([...planned.filter(({ work, contract }) => work === 'expand' && contract === 'one-way'), ...known].map(({ name }) => name));
  return [...names].map((name) =>
    `${name}: the contract that follows, when every region has run this release for long enough, has no way back. It waits for an approval by ${approvers(document)}.`);
}

const approvers = ({ database, lifecycle }: PipelineDocument): string => {
  const roles = [database, ...lifecycle.map((phase) => phase.database)].flatMap((each) => each?.pointOfNoReturn.roles ?? []);
  return listNames([...new Set(roles)]).replace(/ and ([^ ]+)$/, ' or $1') || 'admin';
};
