import type { ColumnDef, Constraint } from 'libpg-query';
import type { Act } from '../acts/act.js';
import { constraintName } from '../acts/constraint-name.js';
import { constraintOf } from '../column-definition.js';
import { quoted } from '../quote.js';
import { constraintText, definitionWithout, dropColumn, lines, provenLater } from '../rewrites.js';
import { written } from '../tables.js';
import { onAddedColumn } from './added-column.js';
import { forward, type Rule } from './rule.js';
import { uniqueSteps } from './unique-using-index.js';

type Contype = NonNullable<Constraint['contype']>;

/** Constraints of a new column for which every row is looked at. One that refers elsewhere is, where rows get a value. */
function slowOf(definition: ColumnDef): Contype | undefined {
  const hasDefault = constraintOf(definition, 'CONSTR_DEFAULT') !== undefined;
  const slow: Contype[] = ['CONSTR_CHECK', 'CONSTR_UNIQUE', 'CONSTR_PRIMARY', ...(hasDefault ? ['CONSTR_FOREIGN' as const] : [])];
  return slow.find((kind) => constraintOf(definition, kind) !== undefined);
}

export const constrainedColumn: Rule = {
  name: 'constrained-column',
  severity: 'error',
  phases: forward,
  about: 'ADD COLUMN with CHECK, UNIQUE or PRIMARY KEY, or with REFERENCES and a default: every row is looked at while nobody can read or write',
  check: onAddedColumn((definition, act, { phase }) => {
    const slow = slowOf(definition);
    if (slow === undefined) return undefined;
    const column = lines(`ALTER TABLE ${written(act.table)} ADD COLUMN ${definitionWithout(act, definition, [slow])}`);
    return {
      problem: `Every row of ${written(act.table)} is looked at, and nobody can read or write meanwhile (ACCESS EXCLUSIVE lock).`,
      remedy: 'Add the column first, then what must hold for it.',
      rewrite: {
        [phase]: `${column}\n${constraintSteps(act, definition, slow)}`,
        ...(phase === 'expand.up' && { 'expand.down': dropColumn(act.table, definition.colname) }),
      },
    };
  }),
};

function constraintSteps(act: Act, definition: ColumnDef & { colname: string }, kind: Contype): string {
  const constraint = constraintOf(definition, kind)!;
  if (kind === 'CONSTR_UNIQUE' || kind === 'CONSTR_PRIMARY') return uniqueSteps(act.table, constraint, [definition.colname]);
  const name = constraintName(act.table, constraint, definition.colname);
  const sql = constraintText(act, definition, kind).replace(/^constraint\s+("(?:[^"]|"")*"|\S+)\s+/i, '');
  const whole = kind === 'CONSTR_FOREIGN' ? `FOREIGN KEY (${quoted(definition.colname)}) ${sql}` : sql;
  return provenLater(act.table, name, `CONSTRAINT ${quoted(name)} ${whole}`);
}
