import type { ColumnDef } from 'libpg-query';
import type { Act } from '../acts/act.js';
import { isVolatile } from '../volatile.js';
import { quoted } from '../quote.js';
import { written } from '../tables.js';
import { as } from '../tree.js';
import { constraintsOf, rewritesFor } from '../column-definition.js';
import { effect, final, long, rewriting, type Effects } from './effect.js';

const column = ({ command, table }: Act): string => `the column ${quoted(command?.name ?? '')} of ${written(table)}`;

/** Commands of ALTER TABLE on a column. */
export const columnEffects: Effects = {
  AT_AddColumn: ({ command, table }) => {
    const definition = as('ColumnDef', command?.def) ?? {};
    const what = `adds the column ${quoted(definition.colname ?? '')} to ${written(table)}`;
    return effect(what, 'ACCESS EXCLUSIVE', rewritesFor(definition, isVolatile) ? rewriting : scansFor(definition) ? long : {});
  },
  AT_DropColumn: (act) => effect(`drops ${column(act)}`, 'ACCESS EXCLUSIVE', final),
  AT_AlterColumnType: (act) => effect(`changes the type of ${column(act)}`, 'ACCESS EXCLUSIVE', { ...rewriting, ...final }),
  AT_SetNotNull: (act) => effect(`refuses nulls in ${column(act)}`, 'ACCESS EXCLUSIVE', long),
  AT_DropNotNull: (act) => effect(`lets nulls into ${column(act)}`, 'ACCESS EXCLUSIVE'),
  AT_ColumnDefault: (act) => effect(`${act.command?.def === undefined ? 'drops' : 'sets'} the default of ${column(act)}`, 'ACCESS EXCLUSIVE'),
  AT_SetExpression: (act) => effect(`changes the expression of ${column(act)}`, 'ACCESS EXCLUSIVE', { ...rewriting, ...final }),
  AT_DropExpression: (act) => effect(`makes a plain column of ${column(act)}`, 'ACCESS EXCLUSIVE', final),
  AT_AddIdentity: (act) => effect(`makes an identity of ${column(act)}`, 'ACCESS EXCLUSIVE'),
  AT_SetIdentity: (act) => effect(`changes the identity of ${column(act)}`, 'ACCESS EXCLUSIVE'),
  AT_DropIdentity: (act) => effect(`takes the identity from ${column(act)}`, 'ACCESS EXCLUSIVE'),
  AT_SetStatistics: (act) => effect(`sets how closely ${column(act)} is looked at`, 'SHARE UPDATE EXCLUSIVE'),
  AT_SetOptions: (act) => effect(`sets options of ${column(act)}`, 'SHARE UPDATE EXCLUSIVE'),
  AT_ResetOptions: (act) => effect(`resets options of ${column(act)}`, 'SHARE UPDATE EXCLUSIVE'),
  AT_SetStorage: (act) => effect(`sets how ${column(act)} is stored`, 'ACCESS EXCLUSIVE'),
  AT_SetCompression: (act) => effect(`sets how ${column(act)} is compressed`, 'ACCESS EXCLUSIVE'),
};

/** Every row is looked at: for a check, for a key, or for a reference of rows that have a value already. */
const scansFor = (definition: ColumnDef): boolean => {
  const kinds = constraintsOf(definition).map(({ contype }) => contype);
  return kinds.includes('CONSTR_CHECK') || kinds.includes('CONSTR_UNIQUE') || kinds.includes('CONSTR_PRIMARY')
    || (kinds.includes('CONSTR_FOREIGN') && kinds.includes('CONSTR_DEFAULT'));
};
