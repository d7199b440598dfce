import type { Plan, PlannedMigration } from '../rollout/schema/plan.js';
import { effectWords } from './effect-words.js';
import type { TableOptions } from './render-options.js';
import { hanging, printable, wrap } from './text-columns.js';

/** What happens to the schema, migration by migration: where, with which statements and locks, and what follows. */
export function plannedMigrations({ migrations }: Pick<Plan, 'migrations'>, options: TableOptions): string[] {
  if (migrations.length === 0) return [];
  return [options.colours.bold('Migrations'), ...migrations.flatMap((migration) => migrationLines(migration, options))];
}

function migrationLines(migration: PlannedMigration, { width, colours }: TableOptions): string[] {
  const { name, work, places, effects } = migration;
  const row = (label: string, text: string): string[] => hanging(`    ${label.padEnd(12)}`, printable(text), width);
  return [
    `  ${name}  ${work}${migration.oneWay ? colours.red('  no way back') : ''}`,
    ...row('in', shortened(places)),
    ...effects.flatMap((effect, at) => row(at === 0 ? 'statements' : '', effectWords(effect))),
    ...(migration.backfills ? row('backfill', 'brings rows that are there into the new shape, in batches') : []),
    ...(migration.syncs ? row('sync', syncText(migration)) : []),
    ...(work === 'expand' ? row('then', followers[migration.contract]) : []),
  ];
}

const syncText = ({ work }: PlannedMigration): string =>
  (work === 'expand' ? 'triggers keep both shapes in step until the contract' : 'the triggers that kept both shapes in step are removed');

const followers: Record<PlannedMigration['contract'], string> = {
  none: 'both shapes stay: no contract is known yet',
  later: 'both shapes stay: this release still needs the old one',
  reversible: 'a contract, when every region has done without the old shape for long enough; it can be undone',
  'one-way': 'a contract, when every region has done without the old shape for long enough; it has no way back, and waits for an approval',
};

/** More places than a person reads are counted. */
const mostPlaces = 12;

const shortened = (places: string[]): string =>
  (places.length <= mostPlaces ? places.join(', ') : `${places.slice(0, mostPlaces - 1).join(', ')} and ${places.length - mostPlaces + 1} more`);

/** Before everything else: where the way back ends. */
export function pointOfNoReturn({ pointOfNoReturn: point }: Pick<Plan, 'pointOfNoReturn'>, { width, colours }: TableOptions): string[] {
  if (point === null) return [];
  const text = `${point.environment}. ${point.why}`;
  return hanging('! point of no return  ', printable(text), width).map((line) => colours.red(line));
}

/** How far an undo leads. */
export const wayBack = ({ pointOfNoReturn: point }: Pick<Plan, 'pointOfNoReturn'>, width: number): string[] =>
  wrap(point === null ? 'There is no point of no return: every step has an undo.' : `Every step has an undo until ${point.environment}: there is the point of no return.`, width);
