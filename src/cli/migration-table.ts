import { SchemaPhase } from '../rollout/schema/migration.js';
import type { MigrationItem } from './api-answers.js';
import type { TableOptions } from './render-options.js';
import { hanging, printable } from './text-columns.js';

/** Migrations as a person reads them: where each is expanded and contracted, and what is missing to its end. */
export function renderMigrations(migrations: MigrationItem[], options: TableOptions): string {
  if (migrations.length === 0) return 'No release has brought a migration yet.';
  return migrations.map((migration) => migrationLines(migration, options).join('\n')).join('\n\n');
}

function migrationLines({ name, release, places, debt, ...migration }: MigrationItem, { width, colours }: TableOptions): string[] {
  const row = (label: string, text: string): string[] => hanging(`  ${label.padEnd(labelWidth)}  `, printable(text), width);
  const phases = SchemaPhase.options.map((phase) => ({ phase, keys: Object.keys(places).filter((key) => places[key] === phase) })).filter(({ keys }) => keys.length > 0);
  return [
    `${colours.bold(name)}  brought by ${release}, ${contractText(migration)}`,
    ...(phases.length === 0 ? row('nowhere', 'nothing of it has been applied yet') : phases.flatMap(({ phase, keys }) => row(phase, keys.join(', ')))),
    ...(debt === undefined ? [] : row(debt.state, debt.needs).map(debt.state === 'due' ? colours.yellow : colours.dim)),
  ];
}

const labelWidth = Math.max(...SchemaPhase.options.map(({ length }) => length));

function contractText({ hasContract, oneWay }: Pick<MigrationItem, 'hasContract' | 'oneWay'>): string {
  if (!hasContract) return 'no contract yet';
  return oneWay ? 'a contract with no way back' : 'a contract that can be undone';
}
