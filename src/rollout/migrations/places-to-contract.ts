import type { MigrationSummary } from './records.js';

/** `<environment>/<region>[/<tenant>]` of every place in which one of these migrations still has its old shape, or a part of it. */
export function placesToContract(migrations: Pick<MigrationSummary, 'name' | 'places'>[], names: string[]): string[] {
  const asked = migrations.filter(({ name }) => names.includes(name));
  const open = asked.flatMap(({ places }) => Object.entries(places).filter(([, phase]) => phase === 'expanded' || phase === 'contracting').map(([key]) => key));
  return [...new Set(open)];
}
