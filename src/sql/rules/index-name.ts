import { quoted } from '../quote.js';
import { lines } from '../rewrites.js';
import { countOf, withWords } from '../source.js';
import { tableOf } from '../tables.js';
import { as } from '../tree.js';
import { forward, type Rule } from './rule.js';

export const indexName: Rule = {
  name: 'index-name',
  severity: 'error',
  phases: forward,
  about: 'An index without a name: nobody could find it again after a crash, nor take it away',
  check: ({ statement }, { phase }) => {
    const index = as('IndexStmt', statement.tree);
    if (index === undefined || index.idxname !== undefined) return undefined;
    const columns = (index.indexParams ?? []).flatMap((node) => as('IndexElem', node)?.name ?? []);
    const name = quoted([tableOf(index.relation).name, ...columns, 'idx'].join('_').slice(0, 63));
    const words = countOf(statement.sql, ['create', 'unique', 'index', 'concurrently']);
    return {
      problem: 'PostgreSQL would choose the name, and another one where that is taken: the index could not be found again.',
      remedy: 'Give it a name.',
      rewrite: { [phase]: lines(withWords(statement.sql, words, name)) },
    };
  },
};
