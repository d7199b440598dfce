import { addedBy } from '../acts/added.js';
import type { Act } from '../acts/act.js';
import { everyOf, as } from '../tree.js';
import { tableOf, written } from '../tables.js';
import { effect, long, type Effects } from './effect.js';

/** `creates the table shop.orders`. */
const creates = (act: Act): string =>
  `creates ${addedBy(act).map(({ type, name, table }) => `the ${type} ${written(name)}${table === undefined ? '' : ` on ${written(table)}`}`).join(', ')}`;

const unlocked = (act: Act) => effect(creates(act), 'none');

/** Statements that make something new. */
export const creationEffects: Effects = {
  CreateStmt: (act) => {
    const made = as('CreateStmt', act.statement.tree);
    if (made?.partbound !== undefined) return effect(`${creates(act)}, a partition of ${written(tableOf(as('RangeVar', made.inhRelations?.[0])))}`, 'ACCESS EXCLUSIVE');
    if (made?.inhRelations !== undefined) return effect(creates(act), 'SHARE UPDATE EXCLUSIVE');
    return effect(creates(act), everyOf('Constraint', made).some(({ contype }) => contype === 'CONSTR_FOREIGN') ? 'SHARE ROW EXCLUSIVE' : 'none');
  },
  CreateTableAsStmt: (act) => effect(`${creates(act)} from a query`, 'ACCESS SHARE', as('CreateTableAsStmt', act.statement.tree)?.into?.skipData === true ? {} : long),
  IndexStmt: (act) => {
    const { concurrent = false, unique = false, idxname } = as('IndexStmt', act.statement.tree) ?? {};
    const what = idxname === undefined ? `creates an index on ${written(addedBy(act)[0]?.table ?? { name: '' })}` : creates(act);
    return effect(`${what}${unique ? ', unique' : ''}`, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', long);
  },
  ViewStmt: (act) => effect(as('ViewStmt', act.statement.tree)?.replace === true ? creates(act).replace('creates', 'creates or replaces') : creates(act), 'ACCESS SHARE'),
  CreateFunctionStmt: (act) =>
    effect(as('CreateFunctionStmt', act.statement.tree)?.replace === true ? creates(act).replace('creates', 'creates or replaces') : creates(act), 'none'),
  CreateTrigStmt: (act) => effect(creates(act), 'SHARE ROW EXCLUSIVE'),
  CreatePolicyStmt: (act) => effect(creates(act), 'ACCESS EXCLUSIVE'),
  CreateStatsStmt: (act) => effect(creates(act), 'SHARE UPDATE EXCLUSIVE'),
  CreateSeqStmt: unlocked,
  CreateEnumStmt: unlocked,
  CreateRangeStmt: unlocked,
  CompositeTypeStmt: unlocked,
  CreateDomainStmt: unlocked,
  CreateSchemaStmt: unlocked,
  CreateExtensionStmt: unlocked,
};
