import type { Act } from '../acts/act.js';
import { quoted } from '../quote.js';
import { lines } from '../rewrites.js';
import { countOf, withWords } from '../source.js';
import { written } from '../tables.js';
import { as } from '../tree.js';
import type { Rule } from './rule.js';

const kindsOfThings = ['drop', 'materialized', 'foreign', 'table', 'view', 'sequence', 'index', 'type', 'domain', 'function', 'procedure', 'routine', 'trigger',
  'policy', 'rule', 'schema', 'extension', 'statistics', 'concurrently'];

/** The same with IF EXISTS; undefined when it is there, or nothing is dropped. */
function withIfExists({ kind, command, table, statement }: Act): string | undefined {
  const drop = as('DropStmt', statement.tree);
  if (drop !== undefined) return drop.missing_ok === true ? undefined : withWords(statement.sql, countOf(statement.sql, kindsOfThings), 'IF EXISTS');
  const word = ({ AT_DropColumn: 'COLUMN', AT_DropConstraint: 'CONSTRAINT' } as Partial<Record<Act['kind'], string>>)[kind];
  if (word === undefined || command?.missing_ok === true) return undefined;
  return `ALTER TABLE ${written(table)} DROP ${word} IF EXISTS ${quoted(command?.name ?? '')}`;
}

export const ifExists: Rule = {
  name: 'if-exists',
  severity: 'error',
  phases: ['expand.down', 'contract.down'],
  about: 'DROP without IF EXISTS in a text that takes back: it may find a part only',
  check: (act, { phase }) => {
    const sql = withIfExists(act);
    return sql === undefined ? undefined : {
      problem: `An undo may find only a part of what ${phase === 'expand.down' ? 'expand.up adds' : 'contract.up adds'}: it would stop here for ever.`,
      remedy: 'Let it be gone already.',
      rewrite: { [phase]: lines(sql) },
    };
  },
};
