import { databaseOf } from '../document/settings.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { MigrationSummary } from './records.js';

/**
 * `<environment>/<region>[/<tenant>]` of every place in which one of these migrations still has its old shape, or a part of it. Environments
 * to which the document gives no database have none: nobody could go there.
 */
export function placesToContract(migrations: Pick<MigrationSummary, 'name' | 'places'>[], names: string[], document: Pick<PipelineDocument, 'database' | 'lifecycle'>): string[] {
  const withDatabase = new Set(document.lifecycle.filter((phase) => databaseOf(document, phase) !== null).map(({ environment }) => environment));
  const asked = migrations.filter(({ name }) => names.includes(name));
  const open = asked.flatMap(({ places }) => Object.entries(places).filter(([, phase]) => phase === 'expanded' || phase === 'contracting').map(([key]) => key));
  return [...new Set(open)].filter((key) => withDatabase.has(key.split('/', 1)[0]!));
}
