import type { RenameStmt } from 'libpg-query';
import { quoted } from '../quote.js';
import { tableOf, tableOfWords, written } from '../tables.js';
import { as } from '../tree.js';
import { effect, final, long, rewriting, type Effects } from './effect.js';

/** `renames the column name of customers to full_name`. */
function renames({ renameType = 'OBJECT_TABLE', relation, subname, newname = '', object }: RenameStmt): string {
  const type = renameType.replace('OBJECT_', '').replace('TABCONSTRAINT', 'constraint').toLowerCase();
  const of = relation === undefined ? written(tableOfWords(as('List', object)?.items)) : written(tableOf(relation));
  return `renames the ${type} ${subname === undefined ? of : `${quoted(subname)} of ${of}`} to ${quoted(newname)}`;
}

/** Statements that change what is there, besides ALTER TABLE. */
export const alterationEffects: Effects = {
  RenameStmt: ({ statement }) => effect(renames(as('RenameStmt', statement.tree) ?? {}), 'ACCESS EXCLUSIVE'),
  AlterObjectSchemaStmt: ({ statement }) => {
    const { relation, newschema = '' } = as('AlterObjectSchemaStmt', statement.tree) ?? {};
    return effect(`moves ${relation === undefined ? 'something' : written(tableOf(relation))} to the schema ${quoted(newschema)}`, 'ACCESS EXCLUSIVE');
  },
  AlterEnumStmt: ({ statement }) => {
    const { typeName, oldVal, newVal = '' } = as('AlterEnumStmt', statement.tree) ?? {};
    const type = written(tableOfWords(typeName));
    return oldVal === undefined ? effect(`adds the value ${newVal} to the type ${type}`, 'none', final) : effect(`renames the value ${oldVal} of the type ${type} to ${newVal}`, 'none');
  },
  AlterDomainStmt: ({ statement }) => {
    const { typeName, def } = as('AlterDomainStmt', statement.tree) ?? {};
    return effect(`alters the domain ${written(tableOfWords(typeName))}`, 'SHARE', as('Constraint', def)?.skip_validation === true ? {} : long);
  },
  RefreshMatViewStmt: ({ statement }) => {
    const { relation, concurrent = false } = as('RefreshMatViewStmt', statement.tree) ?? {};
    return effect(`fills the materialized view ${written(tableOf(relation))} again`, concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', concurrent ? long : rewriting);
  },
  AlterSeqStmt: ({ statement }) => effect(`alters the sequence ${written(tableOf(as('AlterSeqStmt', statement.tree)?.sequence))}`, 'none'),
  CommentStmt: () => effect('writes a comment', 'SHARE UPDATE EXCLUSIVE'),
  GrantStmt: ({ statement }) => {
    const { is_grant: isGrant = false, objtype } = as('GrantStmt', statement.tree) ?? {};
    return effect(isGrant ? 'grants rights' : 'takes rights back', objtype === 'OBJECT_TABLE' ? 'ACCESS SHARE' : 'none');
  },
  AlterDefaultPrivilegesStmt: () => effect('changes the rights on what is created later', 'none'),
  AlterOwnerStmt: () => effect('changes an owner', 'none'),
};
