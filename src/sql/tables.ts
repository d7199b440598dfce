import type { Node, RangeVar } from 'libpg-query';
import { quoted } from './quote.js';
import { visit, wordsOf } from './tree.js';

/** A table, an index, a sequence … as a statement names it. */
export interface TableName {
  schema?: string;
  name: string;
}

export const tableOf = ({ schemaname, relname = '' }: RangeVar = {}): TableName =>
  (schemaname === undefined ? { name: relname } : { schema: schemaname, name: relname });

/** From `["shop", "customers"]`; a database before the schema is left out. */
export function tableOfWords(names: Node[] | undefined): TableName {
  const [name = '', schema] = wordsOf(names).toReversed();
  return schema === undefined ? { name } : { schema, name };
}

/** As SQL: `shop."Orders"`. */
export const written = ({ schema, name }: TableName): string =>
  (schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`);

/** Could the two be one? One without a schema may be in any. */
export const isSame = (a: TableName, b: TableName): boolean =>
  a.name === b.name && (a.schema === undefined || b.schema === undefined || a.schema === b.schema);

/** The two are written the same: `t` and `shop.t` may be two tables, and one of them holds rows. */
export const isWrittenSame = (a: TableName, b: TableName): boolean => a.name === b.name && a.schema === b.schema;

/** Every table that a statement names, in whatever role. */
export function tablesIn(root: unknown): TableName[] {
  const found: TableName[] = [];
  const see = (_key: string, value: unknown) => { if (isRangeVar(value)) found.push(tableOf(value)); };
  see('', root);
  visit(root, see);
  return found;
}

const isRangeVar = (value: unknown): value is RangeVar => value !== null && typeof value === 'object' && 'relname' in value;
