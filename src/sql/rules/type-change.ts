import type { TypeName } from 'libpg-query';
import type { Act } from '../acts/act.js';
import { withoutComments } from '../comments.js';
import { quoted } from '../quote.js';
import { batchOf, dropColumn, lines } from '../rewrites.js';
import { bytesOf } from '../position.js';
import { commandRange } from '../source.js';
import { written } from '../tables.js';
import { as, wordsOf } from '../tree.js';
import { isFresh } from './fresh.js';
import { everyPhase, type Rewrite, type Rule } from './rule.js';

/** Types that a column can become without a rewrite, when it is of the same family and shorter. */
const widening = new Set(['text', 'varchar', 'numeric', 'varbit', 'timestamp', 'timestamptz', 'time', 'timetz', 'interval', 'cidr', 'inet', 'citext']);

const mayWiden = ({ typeName }: { typeName?: TypeName }): boolean =>
  typeName?.arrayBounds === undefined && widening.has(wordsOf(typeName?.names).at(-1) ?? '');

export const typeChange: Rule = {
  name: 'type-change',
  severity: 'error',
  phases: everyPhase,
  about: 'ALTER COLUMN … TYPE: the whole table is written anew while nobody can read or write; wider text, varchar, numeric and times are asked about instead',
  check: (act, facts) => {
    const definition = as('ColumnDef', act.command?.def);
    if (act.kind !== 'AT_AlterColumnType' || definition === undefined || isFresh(facts, act.table)) return undefined;
    if (definition.raw_default === undefined && mayWiden(definition)) return undefined;
    return {
      problem: `The whole of ${written(act.table)} is written anew, indexes too, and nobody can read or write meanwhile; code of before expects the old type.`,
      remedy: 'Add a column of the new type, fill it, keep the two in step by `sync`, and drop the old one. `id` stands for the primary key.',
      rewrite: rewriteOf(act),
    };
  },
};

function rewriteOf(act: Act): Rewrite {
  const { table, command, statement: { text } } = act;
  const definition = as('ColumnDef', command?.def)!;
  const old = command?.name ?? '';
  const fresh = `${old}_new`.slice(-63);
  const [type = '', using = ''] = withoutComments(bytesOf(text, definition.typeName?.location ?? 0, commandRange(act).end)).split(/\busing\b/i);
  const value = using.trim() === '' ? `${quoted(old)}::${type.trim()}` : using.trim();
  return {
    'expand.up': lines(`ALTER TABLE ${written(table)} ADD COLUMN ${quoted(fresh)} ${type.trim()}`),
    'expand.down': dropColumn(table, fresh),
    backfill: batchOf(table, fresh, value),
    'contract.up': lines(`ALTER TABLE ${written(table)} DROP COLUMN ${quoted(old)}`),
  };
}

export const typeWidening: Rule = {
  name: 'type-widening',
  severity: 'warning',
  phases: everyPhase,
  about: 'ALTER COLUMN … TYPE to text, varchar, numeric or a time: without a rewrite only where the column is of that family and not longer',
  check: ({ kind, command, table }, facts) => {
    const definition = as('ColumnDef', command?.def);
    if (kind !== 'AT_AlterColumnType' || definition === undefined || isFresh(facts, table)) return undefined;
    if (definition.raw_default !== undefined || !mayWiden(definition)) return undefined;
    const type = wordsOf(definition.typeName?.names).at(-1) ?? '';
    return {
      problem: `No row is written anew only if ${quoted(command?.name ?? '')} is of this family now and not longer (varchar(50) to varchar(100), varchar to text, numeric(8,2) to numeric(10,2)); `
        + `from any other type to ${type} the whole of ${written(table)} is, and nobody can read or write meanwhile.`,
      remedy: 'Look at the column\'s type in every region.',
    };
  },
};
