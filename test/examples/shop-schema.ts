import { onTestFinished } from 'vitest';
import type { RegionDatabase, SchemaProgress, SchemaStep } from '../../activities/ports/database.js';
import { readMigrations } from '../../src/adapters/migrations-folder.js';
import { postgresDatabase } from '../../src/adapters/postgres/database.js';
import { checksumsOf } from '../../src/rollout/migrations/known.js';
import { Database } from '../../src/rollout/schema/database.js';
import { shopFolder } from './shop-process.js';

export const never = new AbortController().signal;
export const quiet: SchemaProgress = { say: () => {}, mayGoOn: () => Promise.resolve(undefined) };

/** A database of the shop as Meridian works on it, and the step that splits the names there. */
export async function openShopSchema(url: string): Promise<{ region: RegionDatabase; step: SchemaStep }> {
  const { migrations } = await readMigrations(`${shopFolder}releases/1.1.0`);
  const known = migrations.map((migration) => ({ ...migration, checksums: checksumsOf(migration), effects: { expand: [], contract: [] } }));
  const region = postgresDatabase()(Database.parse({ type: 'postgres', url }));
  onTestFinished(() => region.close());
  return { region, step: { pipeline: 'shop', place: 'production/frankfurt', rollout: 'shop-1', migrations: known } };
}
