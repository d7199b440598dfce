import { lines } from '../rewrites.js';
import { tableOfWords, written } from '../tables.js';
import { as } from '../tree.js';
import { everyPhase, type Rule } from './rule.js';

export const dropIndexConcurrently: Rule = {
  name: 'drop-index-concurrently',
  severity: 'error',
  phases: everyPhase,
  about: 'DROP INDEX without CONCURRENTLY: the table waits for whoever still reads, and everybody for it',
  check: ({ statement }, { phase }) => {
    const drop = as('DropStmt', statement.tree);
    if (drop?.removeType !== 'OBJECT_INDEX' || drop.concurrent === true) return undefined;
    const names = (drop.objects ?? []).map((node) => written(tableOfWords(as('List', node)?.items)));
    return {
      problem: 'It waits for everybody who reads the table, and everybody who comes later waits for it (ACCESS EXCLUSIVE lock on the table).',
      remedy: 'Drop it beside those who read and write.',
      rewrite: { [phase]: lines(...names.map((name) => `DROP INDEX CONCURRENTLY IF EXISTS ${name}`)) },
    };
  },
};
