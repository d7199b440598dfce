import { tablesIn } from '../tables.js';
import { everyOf, visit, wordsOf } from '../tree.js';
import { everyPhase, type Rule } from './rule.js';

/** Does a statement name this schema, in whatever role? */
function names(schema: string, root: unknown): boolean {
  const made = [...everyOf('CreateSchemaStmt', root).map(({ schemaname }) => schemaname), ...tablesIn(root).map((table) => table.schema)];
  let found = made.includes(schema);
  visit(root, (key, value) => {
    if (['items', 'objname', 'names', 'typeName', 'funcname', 'domainname'].includes(key) && Array.isArray(value)) found ||= wordsOf(value).length > 1 && wordsOf(value)[0] === schema;
  });
  return found || everyOf('DropStmt', root).some(({ removeType, objects }) => removeType === 'OBJECT_SCHEMA' && wordsOf(objects).includes(schema));
}

export const ledger: Rule = {
  name: 'ledger',
  severity: 'error',
  phases: everyPhase,
  about: 'Anything in the schema `meridian`: the ledger of migrations is there',
  check: ({ statement, order }) => (order === 0 && names('meridian', statement.tree)
    ? { problem: 'The schema meridian holds the ledger of migrations and their triggers.', remedy: 'Use another schema.' }
    : undefined),
};
