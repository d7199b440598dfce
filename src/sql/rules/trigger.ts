import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import { forward, type Rule } from './rule.js';

export const trigger: Rule = {
  name: 'trigger',
  severity: 'warning',
  phases: forward,
  about: 'CREATE TRIGGER on a table that is there: `sync` keeps old and new columns in step, and is taken away by the contract',
  check: ({ statement }, facts) => {
    const made = as('CreateTrigStmt', statement.tree);
    const table = tableOf(made?.relation);
    if (made === undefined || isFresh(facts, table)) return undefined;
    return {
      problem: `From now on code of before runs ${made.trigname ?? 'it'} too, with every write to ${written(table)}.`,
      remedy: 'To keep old and new columns in step, use `sync`. For anything else make sure that it does no harm to code of before.',
    };
  },
};
