import { countOf, withWords } from '../source.js';
import { lines } from '../rewrites.js';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import { forward, type Rule } from './rule.js';

export const indexConcurrently: Rule = {
  name: 'index-concurrently',
  severity: 'error',
  phases: forward,
  about: 'CREATE INDEX without CONCURRENTLY on a table that may hold rows: nobody can write to it until the index is built',
  check: ({ statement }, facts) => {
    const index = as('IndexStmt', statement.tree);
    const table = tableOf(index?.relation);
    if (index === undefined || index.concurrent === true || isFresh(facts, table)) return undefined;
    const words = countOf(statement.sql, ['create', 'unique', 'index']);
    return {
      problem: `Nobody can write to ${written(table)} until the index is built, which takes as long as the table is large (SHARE lock).`,
      remedy: 'Build it beside those who write.',
      rewrite: { [facts.phase]: lines(withWords(statement.sql, words, 'CONCURRENTLY')) },
    };
  },
};
