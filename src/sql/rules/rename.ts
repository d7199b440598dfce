import { batchOf, dropColumn, lines } from '../rewrites.js';
import { quoted } from '../quote.js';
import { tableOf, written } from '../tables.js';
import { as } from '../tree.js';
import { isFresh } from './fresh.js';
import type { Rewrite, Rule } from './rule.js';
import type { Act } from '../acts/act.js';

export const rename: Rule = {
  name: 'rename',
  severity: 'error',
  phases: ['expand.up', 'expand.down'],
  about: 'RENAME of a column, table, type or value, or a move to another schema: code of before knows the old name only',
  check: (act, facts) => {
    const { tree } = act.statement;
    const renamed = as('RenameStmt', tree);
    const moved = as('AlterObjectSchemaStmt', tree);
    const isValue = as('AlterEnumStmt', tree)?.oldVal !== undefined;
    if ((renamed === undefined && moved === undefined && !isValue) || isFresh(facts, tableOf((renamed ?? moved)?.relation))) return undefined;
    return { problem: 'From this moment on code of before looks for a name that is gone: each of its queries fails.', ...adviceFor(act) };
  },
};

function adviceFor({ statement }: Act): { remedy: string; rewrite?: Rewrite } {
  const { renameType, relation, subname = '', newname = '' } = as('RenameStmt', statement.tree) ?? {};
  const table = tableOf(relation);
  if (renameType === 'OBJECT_COLUMN') {
    return {
      remedy: 'Add a column with the new name and the type of the old one (text stands for it), fill it, keep the two in step by `sync`, and drop the old one. `id` stands for the primary key.',
      rewrite: {
        'expand.up': lines(`ALTER TABLE ${written(table)} ADD COLUMN ${quoted(newname)} text`),
        'expand.down': dropColumn(table, newname),
        backfill: batchOf(table, newname, quoted(subname)),
        'contract.up': lines(`ALTER TABLE ${written(table)} DROP COLUMN ${quoted(subname)}`),
      },
    };
  }
  if (renameType !== 'OBJECT_TABLE') return { remedy: 'Add something with the new name beside it, and take the old one away in contract.up.' };
  return {
    remedy: 'Keep the table\'s name, and give it a second one: a view that can be written to.',
    rewrite: {
      'expand.up': lines(`CREATE VIEW ${written({ ...table, name: newname })} AS SELECT * FROM ${written(table)}`),
      'expand.down': lines(`DROP VIEW IF EXISTS ${written({ ...table, name: newname })}`),
    },
  };
}
