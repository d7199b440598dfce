import type { Act } from '../acts/act.js';
import { effectOf } from '../effects/of-statement.js';
import { isFresh } from './fresh.js';
import type { Rule } from './rule.js';

/** Commands that change what code of before meets, and that no rule of their own speaks of. */
const changes: Act['kind'][] = ['AT_EnableRowSecurity', 'AT_DisableRowSecurity', 'AT_ForceRowSecurity', 'AT_NoForceRowSecurity', 'AT_AddIdentity', 'AT_SetIdentity',
  'AT_SetExpression', 'AT_DropExpression', 'AT_AlterConstraint', 'AT_DetachPartition', 'AT_ChangeOwner', 'AT_ReplicaIdentity', 'AlterOwnerStmt'];

export const changed: Rule = {
  name: 'changed',
  severity: 'error',
  phases: ['expand.up'],
  about: 'Row security, identities, expressions, owners, detached partitions: change what code of before meets',
  check: (act, facts) => {
    if (!changes.includes(act.kind) || isFresh(facts, act.table)) return undefined;
    return {
      problem: `It ${effectOf(act)?.what ?? 'changes what is there'}: code of before would meet something else than it was written for.`,
      remedy: 'Add something new beside it, or do it in contract.up.',
    };
  },
};

const rewritten: Act['kind'][] = ['AT_SetLogged', 'AT_SetUnLogged', 'AT_SetTableSpace', 'AT_SetAccessMethod', 'AT_SetExpression'];

export const writtenAnew: Rule = {
  name: 'written-anew',
  severity: 'error',
  phases: ['expand.up', 'expand.down', 'contract.up', 'contract.down'],
  about: 'SET LOGGED, UNLOGGED, TABLESPACE, ACCESS METHOD, EXPRESSION: the whole table is written anew while nobody can read or write',
  check: (act, facts) => (!rewritten.includes(act.kind) || isFresh(facts, act.table) ? undefined : {
    problem: `It ${effectOf(act)?.what ?? ''}: the whole table is written anew, and nobody can read or write meanwhile.`,
    remedy: 'Make a new table or column of that kind, fill it by the backfill, and drop the old one in contract.up.',
  }),
};
