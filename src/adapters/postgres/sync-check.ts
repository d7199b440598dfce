import { DatabaseError, escapeIdentifier as quote, type ClientBase } from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import type { Sync } from '../../rollout/schema/migration.js';
import type { SyncColumn, SyncTable } from './sync-table.js';

/** Rows that the expressions of the new shape are tried on: an expression that fails would fail the writes of every release. */
const sampleRows = 1_000;

/**
 * Tries each expression before there is a trigger: PostgreSQL looks into the body of a function only when it runs, within the write of a client.
 * Throws `MigrationFailed`; what is not the expression's fault (a lock, the connection, rights) is thrown as it came.
 */
export async function checkExpressions(client: ClientBase, sync: Sync, table: SyncTable, where: string): Promise<void> {
  for (const column of Object.keys(sync.using)) await checkExpression(client, { sync, table, column, where });
}

interface Checked {
  sync: Sync;
  table: SyncTable;
  column: string;
  where: string;
}

async function checkExpression(client: ClientBase, { sync, table, column, where }: Checked): Promise<void> {
  if (![...sync.from, ...sync.to].includes(column)) {
    throw new MeridianFailure('MigrationFailed', `${where}: \`using\` makes the column ${column}, which is neither in \`from\` nor in \`to\``);
  }
  const alias = quote(sync.table);
  const seen = [...sync.from, ...sync.to].map((name) => `${alias}.${quote(name)}`).join(', ');
  const expression = `(${sync.using[column]}\n)`;
  try {
    // Explained, not run: do names and types fit?
    await client.query(`EXPLAIN UPDATE ${table.name} AS ${alias} SET ${quote(column)} = (SELECT ${expression} FROM (SELECT ${seen}) AS ${alias})`);
    const sample = `(SELECT ${seen} FROM ${table.name} AS ${alias} LIMIT ${sampleRows}) AS ${alias}`;
    if (sync.to.includes(column)) await client.query(`SELECT count(${expression}) FROM ${sample}`);
  } catch (error) {
    throw expressionFailure(error, `${where}: the expression of ${column}`, [...sync.from, ...sync.to]);
  }
}

/** SQLSTATE classes 22 (data exception) and 42 (syntax, names, types); 42501 is about rights. */
function expressionFailure(error: unknown, what: string, seen: string[]): unknown {
  if (!(error instanceof DatabaseError) || !/^(22|42)/.test(error.code ?? '') || error.code === '42501') return error;
  return new MeridianFailure('MigrationFailed',
    `${what} does not work: ${error.message}. It sees the columns ${seen.join(', ')} of one row; correct it, and ship the migration under a new name.`);
}

/** Columns whose default is another one each time that it is made. */
export async function untoldDefaults(client: ClientBase, columns: SyncColumn[]): Promise<Set<string>> {
  const untold = new Set<string>();
  for (const { name, default: expression } of columns) {
    if (expression === null) continue;
    const row = `ROW(${expression})::record`;
    const { rows: [answer] } = await client.query<{ differs: boolean }>(`SELECT ${row} OPERATOR(pg_catalog.*<>) ${row} AS differs`);
    if (answer!.differs) untold.add(name);
  }
  return untold;
}
