import { removedBy } from '../acts/removed.js';
import { as } from '../tree.js';
import { written } from '../tables.js';
import { effect, final, type Effects } from './effect.js';

/** What can be made again without a loss: it holds no data of its own. */
const derived = new Set(['OBJECT_INDEX', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE', 'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_STATISTIC_EXT', 'OBJECT_TYPE', 'OBJECT_DOMAIN', 'OBJECT_EXTENSION']);
const unlocked = new Set(['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_TYPE', 'OBJECT_DOMAIN', 'OBJECT_SEQUENCE', 'OBJECT_SCHEMA', 'OBJECT_EXTENSION']);

/** Statements that take something away. */
export const removalEffects: Effects = {
  DropStmt: (act) => {
    const { removeType = 'OBJECT_TABLE', concurrent = false } = as('DropStmt', act.statement.tree) ?? {};
    const what = `drops ${removedBy(act).map(({ type, name, table }) => `the ${type} ${written(name)}${table === undefined ? '' : ` on ${written(table)}`}`).join(', ')}`;
    const rest = derived.has(removeType) ? {} : final;
    if (unlocked.has(removeType)) return effect(what, 'none', rest);
    return effect(what, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE', rest);
  },
};
