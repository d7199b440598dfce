import { isWrittenSame, type TableName } from '../tables.js';

/** Something in a schema that a statement makes or takes away. */
export interface Thing {
  /** As people call it: `table`, `column`, `index`. */
  type: string;
  name: TableName;
  /** The table that it is a part of. */
  table?: TableName;
  /** Columns of that table without which it goes too. */
  columns?: string[];
  /** It may have been there before: nobody need take it away. */
  mayStay?: boolean;
}

export const part = (type: string, table: TableName, name: string | undefined, columns?: string[]): Thing =>
  ({ type, name: { name: name ?? '' }, table, ...(columns && { columns }) });

/** The two are one thing. */
export const isSameThing = (a: Thing, b: Thing): boolean =>
  a.type === b.type && isWrittenSame(a.name, b.name) && (a.table === undefined || b.table === undefined || isWrittenSame(a.table, b.table));

/** When `gone` goes, so does `thing`. */
export const goesWith = (thing: Thing, gone: Thing): boolean =>
  isSameThing(thing, gone)
  || (gone.type === 'table' && thing.table !== undefined && isWrittenSame(thing.table, gone.name))
  || (gone.type === 'column' && thing.table !== undefined && gone.table !== undefined && isWrittenSame(thing.table, gone.table)
    && (thing.columns ?? []).includes(gone.name.name));
