import { addedBy } from '../acts/added.js';
import { isSameThing } from '../acts/thing.js';
import { written } from '../tables.js';
import { as } from '../tree.js';
import { forward, type Rule } from './rule.js';

export const replace: Rule = {
  name: 'replace',
  severity: 'warning',
  phases: forward,
  about: 'CREATE OR REPLACE: what is there already changes under code of before, and nothing puts it back',
  check: (act, { before }) => {
    const { tree } = act.statement;
    const isReplaced = (as('ViewStmt', tree) ?? as('CreateFunctionStmt', tree) ?? as('CreateTrigStmt', tree))?.replace === true;
    const [thing] = addedBy(act);
    if (!isReplaced || thing === undefined || before.flatMap(addedBy).some((own) => isSameThing(own, thing))) return undefined;
    return {
      problem: `If the ${thing.type} ${written(thing.name)} is there already, code of before gets another one, and the undo does not put it back.`,
      remedy: 'Give the new one a name of its own: write CREATE without OR REPLACE.',
    };
  },
};
