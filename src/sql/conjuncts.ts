import type { Node } from 'libpg-query';
import { as } from './tree.js';

/** The conditions that must all hold: `a and (b and c)` is three. */
export function conjunctsOf(condition: Node | undefined): Node[] {
  const all = as('BoolExpr', condition);
  if (condition === undefined) return [];
  return all?.boolop === 'AND_EXPR' ? (all.args ?? []).flatMap(conjunctsOf) : [condition];
}
