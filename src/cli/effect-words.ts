import type { StatementEffect, TableLock } from '../rollout/schema/migration.js';

/** Who waits behind a lock on a table. */
const waiting: Record<TableLock, string | null> = {
  none: null,
  'ACCESS SHARE': null,
  'ROW SHARE': null,
  'ROW EXCLUSIVE': null,
  'SHARE UPDATE EXCLUSIVE': null,
  SHARE: 'writes wait',
  'SHARE ROW EXCLUSIVE': 'writes wait',
  EXCLUSIVE: 'writes wait',
  'ACCESS EXCLUSIVE': 'reads and writes wait',
};

/** A statement in plain words: what it does, who waits for it and for how long, what is out of the ordinary. */
export function effectWords({ what, lock, isLong, rewrites, reversible }: StatementEffect): string {
  const who = waiting[lock];
  const wait = who === null ? 'nobody waits' : `${who} ${isLong ? 'as long as the table is large' : 'for a moment'} (${lock})`;
  return [`${what}: ${wait}`, ...(rewrites ? ['writes the whole table anew'] : []), ...(reversible ? [] : ['takes data away'])].join('; ');
}
