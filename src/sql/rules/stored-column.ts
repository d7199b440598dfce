import { constraintText, batchOf, definitionWithout, dropColumn, lines } from '../rewrites.js';
import { isStored } from '../column-definition.js';
import { written } from '../tables.js';
import { onAddedColumn } from './added-column.js';
import { forward, type Rule } from './rule.js';

export const storedColumn: Rule = {
  name: 'stored-column',
  severity: 'error',
  phases: forward,
  about: 'ADD COLUMN GENERATED ALWAYS AS … STORED: computed for each row, so the whole table is written anew',
  check: onAddedColumn((definition, act) => {
    if (!isStored(definition)) return undefined;
    const expression = /\(.*\)/s.exec(constraintText(act, definition, 'CONSTR_GENERATED'))?.[0] ?? 'NULL';
    return {
      problem: `It is computed for each row: the whole of ${written(act.table)} is written anew, and nobody can read or write meanwhile.`,
      remedy: 'Add a plain column, let `sync` compute it for new rows and the backfill for those that are there (or make it VIRTUAL, from PostgreSQL 18). `id` stands for the primary key.',
      rewrite: {
        'expand.up': lines(`ALTER TABLE ${written(act.table)} ADD COLUMN ${definitionWithout(act, definition, ['CONSTR_GENERATED', 'CONSTR_NOTNULL'])}`),
        'expand.down': dropColumn(act.table, definition.colname),
        backfill: batchOf(act.table, definition.colname, expression),
      },
    };
  }),
};
