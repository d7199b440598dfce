import type { ColumnDef, Constraint } from 'libpg-query';
import type { Act } from './acts/act.js';
import { constraintsOf } from './column-definition.js';
import { withoutComments } from './comments.js';
import { quoted } from './quote.js';
import { commandRange } from './source.js';
import { bytesOf } from './position.js';
import { written, type TableName } from './tables.js';

/** Statements as one text. */
export const lines = (...statements: string[]): string => statements.map((sql) => `${withoutComments(sql)};`).join('\n');

/** Nulls are refused in four steps: only the second looks at the rows, and lets others work meanwhile. */
export function notNullSteps(table: TableName, column: string): string {
  const check = quoted(`${table.name}_${column}_not_null`.slice(0, 63));
  return lines(
    `ALTER TABLE ${written(table)} ADD CONSTRAINT ${check} CHECK (${quoted(column)} IS NOT NULL) NOT VALID`,
    `ALTER TABLE ${written(table)} VALIDATE CONSTRAINT ${check}`,
    `ALTER TABLE ${written(table)} ALTER COLUMN ${quoted(column)} SET NOT NULL`,
    `ALTER TABLE ${written(table)} DROP CONSTRAINT ${check}`,
  );
}

/** A constraint in two steps: for new rows at once, then for those that are there. */
export const provenLater = (table: TableName, name: string, constraint: string): string => lines(
  `ALTER TABLE ${written(table)} ADD ${constraint} NOT VALID`,
  `ALTER TABLE ${written(table)} VALIDATE CONSTRAINT ${quoted(name)}`,
);

/** One batch of a backfill that may be repeated. `id` stands for the primary key. */
export const batchOf = (table: TableName, column: string, value: string): string =>
  `UPDATE ${written(table)} SET ${quoted(column)} = ${value} WHERE id BETWEEN $1 AND $2 AND ${quoted(column)} IS NULL;`;

export const dropColumn = (table: TableName, column: string): string => lines(`ALTER TABLE ${written(table)} DROP COLUMN IF EXISTS ${quoted(column)}`);

/** A column's definition, without the constraints of some kinds: `email text DEFAULT ''`. */
export function definitionWithout(act: Act, definition: ColumnDef, kinds: NonNullable<Constraint['contype']>[]): string {
  const constraints = constraintsOf(definition);
  const pieces = constraints.map((constraint, index) => ({ constraint, sql: pieceOf(act, constraint, constraints[index + 1]) }));
  const head = withoutComments(bytesOf(act.statement.text, definition.location ?? 0, constraints[0]?.location ?? commandRange(act).end).trim());
  return [head, ...pieces.filter(({ constraint: { contype } }) => contype === undefined || !kinds.includes(contype)).map(({ sql }) => sql)].join(' ');
}

/** One constraint of a column, as it is written. */
export function constraintText(act: Act, definition: ColumnDef, kind: Constraint['contype']): string {
  const constraints = constraintsOf(definition);
  const index = constraints.findIndex(({ contype }) => contype === kind);
  return index === -1 ? '' : pieceOf(act, constraints[index]!, constraints[index + 1]);
}

function pieceOf(act: Act, constraint: Constraint, next: Constraint | undefined): string {
  return withoutComments(bytesOf(act.statement.text, constraint.location ?? 0, next?.location ?? commandRange(act).end).trim());
}
