import type { ColumnDef } from 'libpg-query';
import { constraintOf, isSerial } from '../column-definition.js';
import { quoted } from '../quote.js';
import { batchOf, lines } from '../rewrites.js';
import { bytesOf } from '../position.js';
import { commandRange } from '../source.js';
import { written, type TableName } from '../tables.js';
import { wordsOf } from '../tree.js';
import { onAddedColumn } from './added-column.js';
import { forward, type Rewrite, type Rule } from './rule.js';

const integers: Record<string, string> = { serial: 'integer', serial4: 'integer', bigserial: 'bigint', serial8: 'bigint', smallserial: 'smallint', serial2: 'smallint' };

export const countedColumn: Rule = {
  name: 'counted-column',
  severity: 'error',
  phases: forward,
  about: 'ADD COLUMN of serial, or GENERATED AS IDENTITY: each row gets its number, so the whole table is written anew',
  check: onAddedColumn((definition, act) => {
    if (!isSerial(definition) && constraintOf(definition, 'CONSTR_IDENTITY') === undefined) return undefined;
    const from = definition.typeName?.location ?? 0;
    const written1 = bytesOf(act.statement.text, from, commandRange(act).end).split(/\s/)[0] ?? 'bigint';
    return {
      problem: `Each row of ${written(act.table)} gets its number: the whole table is written anew, and nobody can read or write meanwhile.`,
      remedy: 'Add a plain column, number new rows from a sequence, and let the backfill number those that are there. `id` stands for the primary key.',
      rewrite: rewriteOf(act.table, definition, integers[wordsOf(definition.typeName?.names).at(-1) ?? ''] ?? written1),
    };
  }),
};

function rewriteOf(table: TableName, { colname = '' }: ColumnDef, type: string): Rewrite {
  const column = quoted(colname);
  const sequence = written({ ...table, name: `${table.name}_${colname}_seq`.slice(0, 63) });
  const next = `nextval('${sequence.replaceAll("'", "''")}')`;
  return {
    'expand.up': lines(`CREATE SEQUENCE ${sequence}`, `ALTER TABLE ${written(table)} ADD COLUMN ${column} ${type}`,
      `ALTER TABLE ${written(table)} ALTER COLUMN ${column} SET DEFAULT ${next}`),
    'expand.down': lines(`ALTER TABLE ${written(table)} DROP COLUMN IF EXISTS ${column}`, `DROP SEQUENCE IF EXISTS ${sequence}`),
    backfill: batchOf(table, colname, next),
  };
}
