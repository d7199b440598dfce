import type { Constraint } from 'libpg-query';
import { columnsOf } from '../columns.js';
import { tableOf, tableOfWords, type TableName } from '../tables.js';
import { as, wordsOf } from '../tree.js';
import type { Act } from './act.js';
import { constraintName } from './constraint-name.js';
import { part, type Thing } from './thing.js';

const constraintThing = (table: TableName, constraint: Constraint, column?: string): Thing =>
  part('constraint', table, constraintName(table, constraint, column), column === undefined ? constrainedColumns(constraint) : [column]);

/** Those of its own table that a constraint is about. */
export const constrainedColumns = ({ keys, fk_attrs: foreign, raw_expr: expression }: Constraint): string[] =>
  [...wordsOf(keys), ...wordsOf(foreign), ...columnsOf(expression)];

/** By kind of act, what is there afterwards that was not there before. */
const additions: Partial<Record<Act['kind'], (act: Act) => Thing[]>> = {
  CreateStmt: ({ statement }) => [{ type: 'table', name: tableOf(as('CreateStmt', statement.tree)?.relation) }],
  CreateTableAsStmt: ({ statement }) => {
    const made = as('CreateTableAsStmt', statement.tree);
    return [{ type: made?.objtype === 'OBJECT_MATVIEW' ? 'materialized view' : 'table', name: tableOf(made?.into?.rel) }];
  },
  ViewStmt: ({ statement }) => [{ type: 'view', name: tableOf(as('ViewStmt', statement.tree)?.view) }],
  CreateSeqStmt: ({ statement }) => [{ type: 'sequence', name: tableOf(as('CreateSeqStmt', statement.tree)?.sequence) }],
  CreateEnumStmt: ({ statement }) => [{ type: 'type', name: tableOfWords(as('CreateEnumStmt', statement.tree)?.typeName) }],
  CreateRangeStmt: ({ statement }) => [{ type: 'type', name: tableOfWords(as('CreateRangeStmt', statement.tree)?.typeName) }],
  CompositeTypeStmt: ({ statement }) => [{ type: 'type', name: tableOf(as('CompositeTypeStmt', statement.tree)?.typevar) }],
  CreateDomainStmt: ({ statement }) => [{ type: 'domain', name: tableOfWords(as('CreateDomainStmt', statement.tree)?.domainname) }],
  CreateFunctionStmt: ({ statement }) => {
    const made = as('CreateFunctionStmt', statement.tree);
    return [{ type: made?.is_procedure === true ? 'procedure' : 'function', name: tableOfWords(made?.funcname) }];
  },
  CreateTrigStmt: ({ statement }) => {
    const made = as('CreateTrigStmt', statement.tree);
    return [part('trigger', tableOf(made?.relation), made?.trigname)];
  },
  CreatePolicyStmt: ({ statement }) => {
    const made = as('CreatePolicyStmt', statement.tree);
    return [part('policy', tableOf(made?.table), made?.policy_name)];
  },
  CreateStatsStmt: ({ statement }) => {
    const made = as('CreateStatsStmt', statement.tree);
    const table = tableOf(as('RangeVar', made?.relations?.[0]));
    return made?.defnames === undefined ? [] : [{ type: 'statistics', name: tableOfWords(made.defnames), table }];
  },
  CreateSchemaStmt: ({ statement }) => [{ type: 'schema', name: { name: as('CreateSchemaStmt', statement.tree)?.schemaname ?? '' }, mayStay: true }],
  CreateExtensionStmt: ({ statement }) => [{ type: 'extension', name: { name: as('CreateExtensionStmt', statement.tree)?.extname ?? '' }, mayStay: true }],
  IndexStmt: ({ statement }) => {
    const made = as('IndexStmt', statement.tree);
    const table = tableOf(made?.relation);
    const named = (made?.indexParams ?? []).flatMap((node) => as('IndexElem', node)?.name ?? []);
    const columns = [...named, ...columnsOf(made?.indexParams), ...columnsOf(made?.whereClause)];
    return [{ type: 'index', name: { ...table, name: made?.idxname ?? '' }, table, columns }];
  },
  AT_AddColumn: ({ table, command }) => {
    const column = as('ColumnDef', command?.def);
    const constraints = (column?.constraints ?? []).flatMap((node) => as('Constraint', node) ?? []).filter(({ conname }) => conname !== undefined);
    return [part('column', table, column?.colname), ...constraints.map((each) => constraintThing(table, each, column?.colname))];
  },
  AT_AddConstraint: ({ table, command }) => {
    const constraint = as('Constraint', command?.def);
    return constraint === undefined ? [] : [constraintThing(table, constraint)];
  },
  AT_ColumnDefault: ({ table, command }) => (command?.def === undefined ? [] : [part('default', table, command.name, [command.name ?? ''])]),
  AT_AddIdentity: ({ table, command }) => [part('identity', table, command?.name, [command?.name ?? ''])],
};

/** What an act adds. An enum's value is no such thing: nothing takes it away again. */
export const addedBy = (act: Act): Thing[] => additions[act.kind]?.(act) ?? [];
