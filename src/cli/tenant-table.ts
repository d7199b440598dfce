import type { TenantProgress } from '../rollout/schema/tenant-progress.js';
import type { Tenants } from './api-answers.js';
import type { TableOptions } from './render-options.js';
import { alignColumns, cut, hanging, printable } from './text-columns.js';

/** A line for each tenant: how many of its places run the latest release, verified, and where it is still to come. */
export function renderTenants({ release, items }: Tenants, { width, colours }: TableOptions): string {
  if (items.length === 0) return 'The pipeline has no tenants.';
  const lines = alignColumns(items.map((tenant) => [
    `  ${markOf(tenant)} ${tenant.name}`, cut(printable(tenant.label), 30), `${tenant.done} of ${tenant.total}`, '.',
  ])).map((line) => line.slice(0, -1));
  return [
    release === null ? 'No release yet' : `Release ${colours.bold(release)}`,
    ...items.flatMap((tenant, at) => hanging(lines[at]!, restOf(tenant), width).map((line) => line.trimEnd())),
  ].join('\n');
}

function markOf({ heldBack, done, total }: TenantProgress): string {
  if (heldBack !== null) return '‖';
  return done === total ? '✓' : '○';
}

function restOf({ heldBack, places }: TenantProgress): string {
  if (heldBack !== null) return printable(`held back: ${heldBack}`);
  const open = places.filter(({ isDone }) => !isDone).map(({ environment, region, release }) => `${environment}/${region} (${release ?? 'nothing'})`);
  return open.length === 0 ? '' : `still ${open.join(', ')}`;
}
