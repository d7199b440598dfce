import type { Act } from '../acts/act.js';
import { addedBy } from '../acts/added.js';
import { removedBy } from '../acts/removed.js';
import { isSameThing, type Thing } from '../acts/thing.js';
import { quoted } from '../quote.js';
import { definitionWithout, lines } from '../rewrites.js';
import { commandText, countOf, withWords } from '../source.js';
import { written } from '../tables.js';
import { as } from '../tree.js';
import type { Facts, Rewrite, Rule } from './rule.js';

const beginnings = ['create', 'unlogged', 'table', 'unique', 'index', 'concurrently', 'sequence', 'materialized', 'view', 'schema', 'extension', 'statistics'];

/** Statements that can say IF NOT EXISTS, and those that can say OR REPLACE. */
const conditional = ['CreateStmt', 'IndexStmt', 'CreateSeqStmt', 'CreateTableAsStmt', 'CreateStatsStmt', 'CreateSchemaStmt', 'CreateExtensionStmt'] as const;
const replacing = ['ViewStmt', 'CreateFunctionStmt', 'CreateTrigStmt'] as const;

/** It may be said again: by IF NOT EXISTS, by OR REPLACE, or because what it adds is taken away just before. */
const mayRepeat = ({ statement: { tree }, command, kind }: Act, facts: Facts, thing: Thing): boolean =>
  conditional.some((each) => as(each, tree)?.if_not_exists === true)
  || replacing.some((each) => as(each, tree)?.replace === true)
  || command?.missing_ok === true || kind === 'AT_ColumnDefault'
  || facts.before.flatMap(removedBy).some((gone) => isSameThing(gone, thing));

function rewriteOf(act: Act, { type, name, table }: Thing): Rewrite['expand.up'] {
  const { statement: { sql, tree }, command } = act;
  const column = as('ColumnDef', command?.def);
  if (column !== undefined) return lines(`ALTER TABLE ${written(act.table)} ADD COLUMN IF NOT EXISTS ${definitionWithout(act, column, [])}`);
  if (command !== undefined && type === 'constraint') {
    return lines(`ALTER TABLE ${written(act.table)} DROP CONSTRAINT IF EXISTS ${quoted(name.name)}`, `ALTER TABLE ${written(act.table)} ${commandText(act)}`);
  }
  if (replacing.some((each) => as(each, tree) !== undefined)) return lines(withWords(sql, 1, 'OR REPLACE'));
  if (['table', 'index', 'sequence', 'materialized view', 'schema', 'extension', 'statistics'].includes(type)) return lines(withWords(sql, countOf(sql, beginnings), 'IF NOT EXISTS'));
  return lines(`DROP ${type.toUpperCase()} IF EXISTS ${written(name)}${table === undefined ? '' : ` ON ${written(table)}`}`, sql);
}

export const ifNotExists: Rule = {
  name: 'if-not-exists',
  severity: 'error',
  phases: ['contract.down'],
  about: 'Something is put back in contract.down without IF NOT EXISTS: the contract may have stopped before it took that away',
  check: (act, facts) => {
    const [thing] = addedBy(act);
    if (thing === undefined || mayRepeat(act, facts, thing)) return undefined;
    return {
      problem: `The ${thing.type} ${written(thing.name)} may still be there, when the contract has stopped half-way: the undo would stop here for ever.`,
      remedy: 'Let it be there already.',
      rewrite: { 'contract.down': rewriteOf(act, thing) ?? '' },
    };
  },
};
