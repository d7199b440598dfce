import { as } from '../tree.js';
import { everyPhase, type Rule } from './rule.js';

export const cascade: Rule = {
  name: 'cascade',
  severity: 'error',
  phases: everyPhase,
  about: 'DROP … CASCADE: takes things away that nobody has named',
  check: ({ statement, command }) => {
    const drop = as('DropStmt', statement.tree);
    if ((command ?? drop)?.behavior !== 'DROP_CASCADE') return undefined;
    return {
      problem: 'CASCADE takes away whatever hangs on it, in one region perhaps more than in another.',
      remedy: 'Leave CASCADE out, and drop what hangs on it by name, first.',
    };
  },
};
