import { lines } from '../rewrites.js';
import { countOf, withWords } from '../source.js';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import { everyPhase, type Rule } from './rule.js';

export const refresh: Rule = {
  name: 'refresh-concurrently',
  severity: 'error',
  phases: everyPhase,
  about: 'REFRESH MATERIALIZED VIEW without CONCURRENTLY: nobody can read it meanwhile',
  check: ({ statement }, facts) => {
    const found = as('RefreshMatViewStmt', statement.tree);
    if (found === undefined || found.concurrent === true || isFresh(facts, tableOf(found.relation))) return undefined;
    return {
      problem: `Nobody can read ${written(tableOf(found.relation))} until it is filled again (ACCESS EXCLUSIVE lock).`,
      remedy: 'Fill it beside those who read; it needs a unique index.',
      rewrite: { [facts.phase]: lines(withWords(statement.sql, countOf(statement.sql, ['refresh', 'materialized', 'view']), 'CONCURRENTLY')) },
    };
  },
};
