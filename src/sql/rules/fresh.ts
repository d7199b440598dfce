import { addedBy } from '../acts/added.js';
import { isSameThing, type Thing } from '../acts/thing.js';
import { isWrittenSame, type TableName } from '../tables.js';
import type { Facts } from './rule.js';

/** A table that this very text has made before: it holds no rows and nobody waits for it. */
export const isFresh = ({ before }: Pick<Facts, 'before'>, table: TableName): boolean =>
  before.flatMap(addedBy).some(({ type, name }) => (type === 'table' || type === 'materialized view') && isWrittenSame(name, table));

/** The expand adds it, so that it may take it away. */
export const isOwn = ({ expanded }: Pick<Facts, 'expanded'>, thing: Thing): boolean =>
  expanded.some((own) => isSameThing(own, thing) || (thing.table !== undefined && own.type === 'table' && isWrittenSame(own.name, thing.table)));

/** Columns that the expand adds to this table. */
export const ownColumns = ({ expanded }: Pick<Facts, 'expanded'>, table: TableName): string[] =>
  expanded.filter((own) => own.type === 'column' && own.table !== undefined && isWrittenSame(own.table, table)).map(({ name }) => name.name);
