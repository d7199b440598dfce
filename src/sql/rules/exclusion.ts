import { written } from '../tables.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import { forward, type Rule } from './rule.js';

export const exclusion: Rule = {
  name: 'exclusion',
  severity: 'error',
  phases: forward,
  about: 'ADD EXCLUDE on a table that may hold rows: PostgreSQL has no way of adding it without a halt',
  check: ({ kind, command, table }, facts) => {
    if (kind !== 'AT_AddConstraint' || as('Constraint', command?.def)?.contype !== 'CONSTR_EXCLUSION' || isFresh(facts, table)) return undefined;
    return {
      problem: `Nobody can read ${written(table)} or write to it until the index of this constraint is built (ACCESS EXCLUSIVE lock), and it cannot be built before.`,
      remedy: 'Make a new table with the constraint, fill it by the backfill, and drop this one in contract.up.',
    };
  },
};
