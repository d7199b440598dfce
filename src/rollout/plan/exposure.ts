import { tenantsOf } from '../document/phase-places.js';
import type { Place } from '../places.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { PlannedWave } from '../schema/plan.js';

/**
 * Share of traffic, 0 to 1, that these places carry of all `regions` of a phase; each region the same where none has a weight. The
 * tenants of a region share its traffic evenly: nobody has said otherwise.
 */
export function shareOf(places: Pick<Place, 'region' | 'tenant'>[], regions: string[], document: Pick<PipelineDocument, 'regions' | 'tenants'>): number {
  const hasWeights = regions.some((region) => (document.regions[region]?.weight ?? 0) > 0);
  const weightOf = (region: string): number => (hasWeights ? (document.regions[region]?.weight ?? 0) : 1);
  const partOf = ({ region, tenant }: Pick<Place, 'region' | 'tenant'>): number =>
    weightOf(region) / (tenant === undefined ? 1 : tenantsOf(region, document.tenants).length);
  return rounded(sum(places.map(partOf)) / sum(regions.map(weightOf)));
}

/** Waves with the share of traffic that is on the new release after each, `before` of it already before the first. */
export function withExposure(
  waves: Omit<PlannedWave, 'exposure'>[], before: number, regions: string[], document: Pick<PipelineDocument, 'regions' | 'tenants'>,
): PlannedWave[] {
  let exposure = before;
  return waves.map((wave) => {
    exposure = rounded(exposure + shareOf(wave.regions, regions, document));
    return { ...wave, exposure };
  });
}

/** To a millionth: sums of fractions that people would write the same way are the same. */
export const rounded = (share: number): number => Math.round(share * 1e6) / 1e6;

/** `maxFirstExposure: 10%` as a share, 0 to 1. */
export const shareIn = (percentage: string): number => Number.parseFloat(percentage) / 100;

export const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`;

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
