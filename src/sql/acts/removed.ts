import type { DropStmt, Node } from 'libpg-query';
import { tableOfWords } from '../tables.js';
import { as, wordsOf } from '../tree.js';
import type { Act } from './act.js';
import { part, type Thing } from './thing.js';

const partTypes: Record<string, string> = { OBJECT_TRIGGER: 'trigger', OBJECT_POLICY: 'policy', OBJECT_RULE: 'rule' };
const wholeTypes: Record<string, string> = {
  OBJECT_TABLE: 'table', OBJECT_VIEW: 'view', OBJECT_MATVIEW: 'materialized view', OBJECT_SEQUENCE: 'sequence', OBJECT_INDEX: 'index',
  OBJECT_TYPE: 'type', OBJECT_DOMAIN: 'domain', OBJECT_FUNCTION: 'function', OBJECT_PROCEDURE: 'procedure', OBJECT_ROUTINE: 'function',
  OBJECT_STATISTIC_EXT: 'statistics', OBJECT_SCHEMA: 'schema', OBJECT_EXTENSION: 'extension',
};

const removals: Partial<Record<Act['kind'], (act: Act) => Thing[]>> = {
  DropStmt: ({ statement }) => droppedBy(as('DropStmt', statement.tree)),
  AT_DropColumn: ({ table, command }) => [part('column', table, command?.name)],
  AT_DropConstraint: ({ table, command }) => [part('constraint', table, command?.name)],
  AT_ColumnDefault: ({ table, command }) => (command?.def === undefined ? [part('default', table, command?.name)] : []),
  AT_DropIdentity: ({ table, command }) => [part('identity', table, command?.name)],
};

/** What an act takes away. */
export const removedBy = (act: Act): Thing[] => removals[act.kind]?.(act) ?? [];

function droppedBy(drop: DropStmt | undefined): Thing[] {
  const { removeType = 'OBJECT_TABLE', objects = [] } = drop ?? {};
  return objects.map((node) => {
    const words = namesOf(node);
    const type = partTypes[removeType];
    if (type === undefined) return { type: wholeTypes[removeType] ?? removeType, name: tableOfWords(words) };
    return part(type, tableOfWords(words.slice(0, -1)), wordsOf(words).at(-1));
  });
}

const namesOf = (node: Node): Node[] =>
  as('List', node)?.items ?? as('TypeName', node)?.names ?? as('ObjectWithArgs', node)?.objname ?? [node];
