import type { ColumnDef } from 'libpg-query';
import type { Act } from '../acts/act.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import type { Facts, Found } from './rule.js';

/** For rules on a column that is added to a table which may hold rows. */
export const onAddedColumn = (check: (definition: ColumnDef & { colname: string }, act: Act, facts: Facts) => Found | undefined) =>
  (act: Act, facts: Facts): Found | undefined => {
    const definition = act.kind === 'AT_AddColumn' ? as('ColumnDef', act.command?.def) : undefined;
    if (definition?.colname === undefined || isFresh(facts, act.table)) return undefined;
    return check({ ...definition, colname: definition.colname }, act, facts);
  };
