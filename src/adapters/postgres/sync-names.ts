import { createHash } from 'node:crypto';
import type { MigrationName } from '../../rollout/schema/migration.js';

/** Whose trigger it is: entry `index` of `sync` of a migration of a pipeline. */
export interface SyncOwner {
  pipeline: string;
  migration: MigrationName;
  index: number;
}

/** PostgreSQL cuts longer names off without an error. */
const longestName = 63;

/** Of a function of the schema `meridian`, unquoted. */
export const syncFunctionName = (owner: SyncOwner): string => named('sync', `${owner.pipeline}_${owner.migration}`, owner);

/** PostgreSQL fires the triggers of a table in the order of their names: ours last, so that it sees what the table's own have made of the row. */
export const syncTriggerName = (owner: SyncOwner): string => named('zz_meridian', owner.migration, owner);

/** What a session sets `meridian.backfill` to while it fills back: the triggers of this migration then stand aside. */
export const backfillMark = ({ pipeline, migration }: Omit<SyncOwner, 'index'>): string => `${pipeline}/${migration}`;

/** Readable as far as there is room; the hash keeps apart what was cut off or replaced. */
function named(prefix: string, text: string, { pipeline, migration, index }: SyncOwner): string {
  const hash = createHash('sha256').update(JSON.stringify([pipeline, migration, index])).digest('hex').slice(0, 8);
  const end = `_${index}_${hash}`;
  const readable = text.replaceAll(/[^a-z0-9]+/gi, '_').toLowerCase();
  return `${prefix}_${readable}`.slice(0, longestName - end.length) + end;
}
