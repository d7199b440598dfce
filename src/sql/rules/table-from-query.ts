import { withoutComments } from '../comments.js';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { everyPhase, type Rule } from './rule.js';

export const tableFromQuery: Rule = {
  name: 'table-from-query',
  severity: 'error',
  phases: everyPhase,
  about: 'CREATE TABLE … AS and CREATE MATERIALIZED VIEW with rows: one long transaction, past all batches',
  check: ({ statement }, { phase }) => {
    const made = as('CreateTableAsStmt', statement.tree);
    if (made === undefined || made.into?.skipData === true) return undefined;
    return {
      problem: `${written(tableOf(made.into?.rel))} is filled in one transaction, which holds back the clean-up of every table until it ends.`,
      remedy: 'Make it empty. A table is filled by the backfill; a materialized view by REFRESH, by hand.',
      rewrite: { [phase]: `${withoutComments(statement.sql)} WITH NO DATA;` },
    };
  },
};
