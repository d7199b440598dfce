import { constraintOf, defaultOf, isSerial, isStored } from '../column-definition.js';
import { quoted } from '../quote.js';
import { definitionWithout, dropColumn, lines, notNullSteps } from '../rewrites.js';
import { written } from '../tables.js';
import { onAddedColumn } from './added-column.js';
import { forward, type Rule } from './rule.js';

export const requiredColumn: Rule = {
  name: 'required-column',
  severity: 'error',
  phases: forward,
  about: 'ADD COLUMN … NOT NULL without a default: fails where there are rows, and for each row that code of before inserts',
  check: onAddedColumn((definition, act) => {
    const isGiven = defaultOf(definition) !== undefined || isSerial(definition) || isStored(definition)
      || constraintOf(definition, 'CONSTR_IDENTITY') !== undefined || constraintOf(definition, 'CONSTR_GENERATED') !== undefined;
    if (constraintOf(definition, 'CONSTR_NOTNULL') === undefined || isGiven) return undefined;
    return {
      problem: `It fails if ${written(act.table)} has a row, and code of before knows nothing of ${quoted(definition.colname)}: each row that it inserts is refused.`,
      remedy: 'Let it be empty at first (or give it a constant default), fill it by the backfill, and refuse nulls when no code of before is left.',
      rewrite: {
        'expand.up': lines(`ALTER TABLE ${written(act.table)} ADD COLUMN ${definitionWithout(act, definition, ['CONSTR_NOTNULL'])}`),
        'expand.down': dropColumn(act.table, definition.colname),
        'contract.up': notNullSteps(act.table, definition.colname),
      },
    };
  }),
};
