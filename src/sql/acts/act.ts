import type { AlterTableCmd } from 'libpg-query';
import type { ParsedStatement } from '../parse.js';
import { tableOf, type TableName } from '../tables.js';
import { as, kindOf, type Kind } from '../tree.js';

type Command = NonNullable<AlterTableCmd['subtype']>;

/** One thing that a statement does: an ALTER TABLE does as many as it has commands. */
export interface Act {
  /** The statement's kind, or the command's where it is an ALTER TABLE. */
  kind: Exclude<Kind, 'AlterTableStmt'> | Command;
  statement: ParsedStatement;
  command?: AlterTableCmd;
  /** Which command of its ALTER TABLE, from 0: a rule on the statement as a whole looks at the first. */
  order: number;
  /** The table that an ALTER TABLE changes. */
  table: TableName;
  /** Where it stands, in bytes of the text. */
  at: number;
}

export function actsOf(statement: ParsedStatement): Act[] {
  const alter = as('AlterTableStmt', statement.tree);
  const kind = kindOf(statement.tree);
  // ALTER TYPE, VIEW, INDEX … are written the same way, and mean something else.
  if (alter === undefined || alter.objtype !== 'OBJECT_TABLE') return [{ kind: kind as Act['kind'], statement, order: 0, table: { name: '' }, at: statement.start }];
  return (alter.cmds ?? []).flatMap((node, order) => {
    const command = as('AlterTableCmd', node);
    return command?.subtype === undefined ? [] : [{ kind: command.subtype, statement, command, order, table: tableOf(alter.relation), at: placeOf(command) ?? statement.start }];
  });
}

const placeOf = ({ def }: AlterTableCmd): number | undefined => as('ColumnDef', def)?.location ?? as('Constraint', def)?.location;
