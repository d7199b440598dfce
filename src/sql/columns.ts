import { everyOf, wordsOf } from './tree.js';

/** The columns that an expression reads, without their tables. */
export const columnsOf = (expression: unknown): string[] =>
  everyOf('ColumnRef', expression).flatMap(({ fields }) => wordsOf(fields).at(-1) ?? []);
