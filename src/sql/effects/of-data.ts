import type { RangeVar } from 'libpg-query';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { effect, final, long, type Effects } from './effect.js';

const rows = (verb: string, relation: RangeVar | undefined) => effect(`${verb} ${written(tableOf(relation))}`, 'ROW EXCLUSIVE', { ...long, ...final });

/** Statements that change rows. */
export const dataEffects: Effects = {
  UpdateStmt: ({ statement }) => rows('updates rows of', as('UpdateStmt', statement.tree)?.relation),
  InsertStmt: ({ statement }) => rows('inserts rows into', as('InsertStmt', statement.tree)?.relation),
  DeleteStmt: ({ statement }) => rows('deletes rows of', as('DeleteStmt', statement.tree)?.relation),
  MergeStmt: ({ statement }) => rows('merges rows into', as('MergeStmt', statement.tree)?.relation),
  VacuumStmt: () => effect('looks at rows to plan queries better', 'SHARE UPDATE EXCLUSIVE'),
};
