import type { Constraint } from 'libpg-query';
import type { TableName } from '../tables.js';
import { columnsOf } from '../columns.js';
import { wordsOf } from '../tree.js';

const endings: Partial<Record<NonNullable<Constraint['contype']>, string>> = {
  CONSTR_CHECK: 'check', CONSTR_FOREIGN: 'fkey', CONSTR_UNIQUE: 'key', CONSTR_EXCLUSION: 'excl', CONSTR_NOTNULL: 'not_null',
};

/** The name that a constraint has, or that PostgreSQL gives it: `orders_customer_id_fkey`. */
export function constraintName({ name }: TableName, constraint: Constraint, column?: string): string {
  const { conname, contype, keys, fk_attrs: foreign, raw_expr: expression, indexname } = constraint;
  if (conname !== undefined) return conname;
  if (indexname !== undefined) return indexname;
  if (contype === 'CONSTR_PRIMARY') return `${name}_pkey`;
  const checked = [...new Set(columnsOf(expression))];
  const columns = column === undefined ? [...wordsOf(keys), ...wordsOf(foreign), ...(checked.length === 1 ? checked : [])] : [column];
  return [name, ...columns, endings[contype ?? 'CONSTR_CHECK'] ?? 'check'].join('_').slice(0, 63);
}
