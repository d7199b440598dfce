import type { MigrationRecord } from '../rollout/migrations/records.js';
import type { PipelineState } from './temporal/workflows.js';

type MigrationState = PipelineState['migrations'][number];

/** What a pipeline has told of its migrations, as the rules take it: whether there is a backfill or a way back is known, and no SQL. */
export const recordsOf = (migrations: MigrationState[]): MigrationRecord[] => migrations.map(recordOf);

function recordOf({ release, oneWay, hasContract, backfills, syncs, places, ...known }: MigrationState): MigrationRecord {
  const since = new Date(0).toISOString();
  return {
    migration: {
      ...known,
      expand: { up: '', down: '' },
      ...(backfills && { backfill: { sql: '', batch: 1, pause: '0s' } }),
      ...(syncs && { sync: [{ table: '', from: [], to: [], using: {} }] }),
      ...(hasContract && { contract: { up: '', ...(!oneWay && { down: '' }) } }),
    },
    release, addedAt: since,
    places: Object.fromEntries(Object.entries(places).map(([key, phase]) => [key, { phase, since }])),
  };
}
