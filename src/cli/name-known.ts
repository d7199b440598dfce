import { canonical } from '../rollout/canonical.js';
import { jsonBytes } from '../rollout/json-bytes.js';
import { limits } from '../rollout/limits.js';
import { checksumsOf } from '../rollout/migrations/known.js';
import type { SentRelease } from '../rollout/schema/release.js';
import type { ApiClient } from './api-client.js';

/**
 * The release as it is sent: where its migrations are more than one request may carry, those that the pipeline knows with the same content
 * go by their names alone. Asks the pipeline only then.
 */
export async function nameKnown(api: Pick<ApiClient, 'migrations'>, pipeline: string, release: SentRelease): Promise<SentRelease> {
  const { migrations } = release;
  if (migrations === undefined || jsonBytes(migrations) <= limits.migrationsBytes) return release;
  const known = new Map((await api.migrations(pipeline)).map(({ name, checksums }) => [name, canonical(checksums)]));
  return {
    ...release,
    migrations: migrations.map((each) => (typeof each !== 'string' && known.get(each.name) === canonical(checksumsOf(each)) ? each.name : each)),
  };
}
