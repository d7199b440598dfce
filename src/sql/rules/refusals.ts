import type { Act } from '../acts/act.js';
import { as } from '../tree.js';

/** Statements that are no part of a migration, whatever they say. */
export interface Refusal {
  matches(act: Act): boolean;
  problem: string;
  remedy: string;
}

const kinds = (...names: Act['kind'][]) => ({ kind }: Act): boolean => names.includes(kind);

export const refusals: Refusal[] = [
  {
    matches: kinds('TransactionStmt'),
    problem: 'Each statement has a transaction of its own, together with its line in the ledger: a BEGIN or COMMIT would part the two.',
    remedy: 'Leave it out.',
  },
  {
    matches: kinds('VariableSetStmt', 'VariableShowStmt', 'DiscardStmt', 'LoadStmt', 'ConstraintsSetStmt', 'AlterRoleSetStmt', 'AlterDatabaseSetStmt'),
    problem: 'A setting would hold for one statement only, or for others who share the connection: time-outs are those of the pipeline\'s `database`.',
    remedy: 'Leave it out. Write the schema into the names instead of setting search_path.',
  },
  {
    matches: kinds('DoStmt', 'CallStmt'),
    problem: 'Nobody can see what code does to a table before it runs.',
    remedy: 'Write the statements themselves. Rows are changed by the backfill.',
  },
  {
    matches: kinds('SelectStmt', 'ExplainStmt'),
    problem: 'A query changes no schema, and a function in it may do anything.',
    remedy: 'Leave it out. Rows are changed by the backfill.',
  },
  {
    matches: kinds('CopyStmt'),
    problem: 'COPY reads a file of the server, or waits for rows from psql.',
    remedy: 'Write INSERT … VALUES for a table that the same text creates; other rows belong into the backfill.',
  },
  {
    matches: kinds('LockStmt'),
    problem: 'A lock that is taken by hand keeps others waiting for nothing: each statement takes the one that it needs.',
    remedy: 'Leave it out.',
  },
  {
    matches: (act) => kinds('ClusterStmt', 'RepackStmt' as Act['kind'], 'CheckPointStmt')(act) || as('VacuumStmt', act.statement.tree)?.is_vacuumcmd === true,
    problem: 'It changes no schema, and may keep everybody waiting while the table is written anew.',
    remedy: 'Leave it out: autovacuum does this. To shrink a table, use pg_repack by hand.',
  },
  {
    matches: kinds('ReindexStmt'),
    problem: 'It changes no schema, and a REINDEX that is killed leaves an index behind that nobody would look for.',
    remedy: 'Run REINDEX … CONCURRENTLY by hand.',
  },
  {
    matches: kinds('TruncateStmt'),
    problem: 'It takes every row away, and nothing brings them back.',
    remedy: 'Drop the table in contract.up when nobody needs it any more.',
  },
  {
    matches: kinds('PrepareStmt', 'ExecuteStmt', 'DeallocateStmt', 'DeclareCursorStmt', 'FetchStmt', 'ClosePortalStmt', 'ListenStmt', 'UnlistenStmt', 'NotifyStmt'),
    problem: 'It is about a connection, which ends when the migration does.',
    remedy: 'Leave it out.',
  },
  {
    matches: kinds('CreateRoleStmt', 'AlterRoleStmt', 'DropRoleStmt', 'GrantRoleStmt', 'CreatedbStmt', 'AlterDatabaseStmt', 'DropdbStmt', 'AlterSystemStmt',
      'CreateTableSpaceStmt', 'DropTableSpaceStmt', 'DropOwnedStmt', 'ReassignOwnedStmt', 'CreateSubscriptionStmt', 'AlterSubscriptionStmt', 'DropSubscriptionStmt'),
    problem: 'It is about the whole server, or about another one, not about the schema of one database.',
    remedy: 'Do it where servers are set up.',
  },
];
