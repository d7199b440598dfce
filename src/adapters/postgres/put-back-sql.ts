import { escapeIdentifier as quote } from 'pg';
import type { Sync } from '../../rollout/schema/migration.js';
import type { SyncColumn, SyncTable } from './sync-table.js';

/**
 * UPDATE that makes the old shape from the new one by the expressions of `using`, for the rows whose `key` is between $1 and $2, or for all without one.
 * A row is left as it is when it is in step already: when one shape follows from the other, as for the trigger. So it may be run twice, and takes back
 * nothing that was written after the columns were there. A row with the old shape's defaults holds nothing to follow from. Compared byte for byte, with `*=`.
 */
export function putBackSql(sync: Sync, table: SyncTable, key?: string): string {
  const alias = quote(sync.table);
  const from = makable(sync, table.from);
  // As everywhere an expression sees the columns of both shapes, and no others.
  const seen = [...table.from, ...table.to].map(({ name }) => `${alias}.${quote(name)}`).join(', ');
  const ofRow = (what: string): string => `(SELECT ${what} FROM (SELECT ${seen}) AS ${alias})`;
  const expression = ({ name }: SyncColumn): string => `(${sync.using[name]}\n)`;
  const follow = (columns: SyncColumn[]): string => (columns.length === 0 ? 'false' : ofRow(`${written(columns, alias)} OPERATOR(pg_catalog.*=) ${rowOf(columns, expression)}`));
  const isEmpty = `${written(table.from, alias)} OPERATOR(pg_catalog.*=) ${rowOf(table.from, ({ default: value }) => `(${value ?? 'NULL'})`)}`;
  const bounds = key === undefined ? '' : `${alias}.${key} BETWEEN $1 AND $2 AND `;
  // CASE: an expression need not bear a default that nobody has written.
  return `UPDATE ${table.name} AS ${alias} SET (${from.map(({ name }) => quote(name)).join(', ')}) = ${ofRow(from.map(expression).join(', '))}
WHERE ${bounds}NOT ${follow(from)} AND NOT CASE WHEN ${isEmpty} THEN false ELSE ${follow(makable(sync, table.to))} END`;
}

/** Of a column without an expression nothing is made. */
const makable = ({ using }: Sync, columns: SyncColumn[]): SyncColumn[] => columns.filter(({ name }) => Object.hasOwn(using, name));

const rowOf = (columns: SyncColumn[], value: (column: SyncColumn) => string): string =>
  `ROW(${columns.map((column) => `${value(column)}::${column.type}`).join(', ')})::record`;

const written = (columns: SyncColumn[], alias: string): string => rowOf(columns, ({ name }) => `${alias}.${quote(name)}`);
