import type { ColumnDef, Constraint, Node } from 'libpg-query';
import { as, wordsOf } from './tree.js';

export const constraintsOf = ({ constraints }: ColumnDef): Constraint[] => (constraints ?? []).flatMap((node) => as('Constraint', node) ?? []);

export const constraintOf = (definition: ColumnDef, kind: NonNullable<Constraint['contype']>): Constraint | undefined =>
  constraintsOf(definition).find(({ contype }) => contype === kind);

/** `serial` and its kin: an integer with a sequence of its own as default. */
export const isSerial = ({ typeName }: ColumnDef): boolean =>
  ['serial', 'serial2', 'serial4', 'serial8', 'smallserial', 'bigserial'].includes(wordsOf(typeName?.names).at(-1) ?? '');

export const isStored = (definition: ColumnDef): boolean => constraintOf(definition, 'CONSTR_GENERATED')?.generated_kind === 's';

export const defaultOf = (definition: ColumnDef): Node | undefined => constraintOf(definition, 'CONSTR_DEFAULT')?.raw_expr;

/** Must each row that is there be written again when the column is added? A constant, or what is stable, is kept beside the table. */
export function rewritesFor(definition: ColumnDef, isVolatile: (expression: Node) => boolean): boolean {
  const value = defaultOf(definition);
  return isSerial(definition) || isStored(definition) || constraintOf(definition, 'CONSTR_IDENTITY') !== undefined || (value !== undefined && isVolatile(value));
}
