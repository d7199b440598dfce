import { addedBy } from '../acts/added.js';
import { written } from '../tables.js';
import { as } from '../tree.js';
import type { Rule } from './rule.js';

export const foundAlready: Rule = {
  name: 'found-already',
  severity: 'warning',
  phases: ['expand.up'],
  about: 'IF NOT EXISTS in expand.up: passes over another thing of that name, which the undo would then take away',
  check: (act) => {
    const { tree } = act.statement;
    const made = as('CreateStmt', tree) ?? as('IndexStmt', tree) ?? as('CreateSeqStmt', tree) ?? as('CreateTableAsStmt', tree);
    const [thing] = addedBy(act);
    const isPassedOver = made?.if_not_exists === true || (act.kind === 'AT_AddColumn' && act.command?.missing_ok === true);
    if (!isPassedOver || thing === undefined) return undefined;
    return {
      problem: `Another ${thing.type} called ${written(thing.name)} would be taken for this one, and the undo would take it away.`,
      remedy: 'Leave IF NOT EXISTS out: the ledger knows what is done, and runs nothing twice.',
    };
  },
};
