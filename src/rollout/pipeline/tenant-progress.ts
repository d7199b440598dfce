import { placesOfPhase } from '../document/phase-places.js';
import { isSamePlace, type Place } from '../places.js';
import type { BoardCell } from '../schema/board.js';
import type { PipelineDocument, Tenant } from '../schema/pipeline.js';
import type { TenantProgress } from '../schema/tenant-progress.js';

type Cell = Pick<BoardCell, 'environment' | 'region' | 'tenant' | 'release' | 'verified'>;

/** How far `release` has come for each tenant, in the order of the document. Null: no release is known, and nobody has any yet. */
export function tenantProgress(document: PipelineDocument, board: Cell[], release: string | null): TenantProgress[] {
  const strict = document.lifecycle.filter((phase) => !phase.optional).flatMap((phase) => placesOfPhase(phase, document));
  return Object.entries(document.tenants ?? {}).map(([name, tenant]) => {
    const places = strict.filter((place) => place.tenant === name).map((place) => progressAt(place, board, release));
    return { name, ...faceOf(name, tenant), done: places.filter(({ isDone }) => isDone).length, total: places.length, places };
  });
}

const faceOf = (name: string, { label, logo, holdBack }: Tenant) => ({ label: label ?? name, logo: logo ?? null, heldBack: holdBack ?? null });

function progressAt(place: Place, board: Cell[], release: string | null): TenantProgress['places'][number] {
  const cell = board.find((each) => isSamePlace(each, place));
  const { environment, region } = place;
  return { environment, region, release: cell?.release ?? null, isDone: release !== null && cell?.release === release && cell.verified };
}
