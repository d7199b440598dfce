import { defaultOf } from '../column-definition.js';
import { quoted } from '../quote.js';
import { batchOf, constraintText, definitionWithout, dropColumn, lines } from '../rewrites.js';
import { volatileFunctions } from '../volatile.js';
import { written } from '../tables.js';
import { onAddedColumn } from './added-column.js';
import { forward, type Rule } from './rule.js';

export const volatileDefault: Rule = {
  name: 'volatile-default',
  severity: 'error',
  phases: forward,
  about: 'ADD COLUMN with a default that may differ from row to row (random(), gen_random_uuid(), a function that is not PostgreSQL\'s): the whole table is written anew',
  check: onAddedColumn((definition, act) => {
    const [called] = volatileFunctions(defaultOf(definition));
    if (called === undefined) return undefined;
    const value = constraintText(act, definition, 'CONSTR_DEFAULT').replace(/^(constraint\s+\S+\s+)?default\s+/i, '');
    const [table, column] = [written(act.table), quoted(definition.colname)];
    return {
      problem: `${called}() may answer anew for each row, so the whole of ${table} is written anew, and nobody can read or write meanwhile.`,
      remedy: 'Add the column, give it the default for new rows, and let the backfill fill those that are there. `id` stands for the primary key.',
      rewrite: {
        'expand.up': lines(`ALTER TABLE ${table} ADD COLUMN ${definitionWithout(act, definition, ['CONSTR_DEFAULT', 'CONSTR_NOTNULL'])}`,
          `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${value}`),
        'expand.down': dropColumn(act.table, definition.colname),
        backfill: batchOf(act.table, definition.colname, value),
      },
    };
  }),
};
