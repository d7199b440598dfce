/** SQLSTATE of what passes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function unreachableFor(code: string | undefined): string | undefined {
  if (code === '53300') return 'It has no connection left: raise max_connections, or close some. It is tried again.';
  if (code === '25P03' || code === '57P05') return 'The connection was idle for too long. It is tried again, and goes on where it was.';
  if (code?.startsWith('08') === true || code?.startsWith('57P0') === true) return 'It is tried again, and goes on where it was.';
  return undefined;
}

const lasting: Record<string, string> = {
  '28P01': 'Correct user and password of the URL.',
  '28000': 'Correct the user of the URL, or let it in: a line of pg_hba.conf, and `alter role … login`.',
  '3D000': 'Create the database that the URL names, or correct the URL.',
  '42501': 'The role of the URL lacks a right: it must own the tables that a migration changes (`grant <owner> to <role>`), and '
    + '`grant create on database <database> to <role>` lets it keep its ledger in the schema `meridian`. '
    + 'Where another role has made that schema: `grant usage on schema meridian to <role>; grant all on all tables in schema meridian to <role>; grant all on all sequences in schema meridian to <role>`.',
  '25006': 'This is a standby, or read-only by default_transaction_read_only: give the URL of the primary.',
};

/** What is said to a log-in, or to what the role may do; no other attempt changes that. */
export const refusalFor = (code: string | undefined): string | undefined =>
  code === undefined ? undefined : lasting[code] ?? (code.startsWith('28') ? lasting['28000'] : undefined);
