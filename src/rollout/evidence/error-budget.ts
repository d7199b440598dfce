import { listNames } from '../list-names.js';
import { placeKey } from '../places.js';
import type { RegionState } from '../schema/rollout.js';

/** What one soak has cost, check after check: bad requests beyond what there would have been without the release. */
export interface SoakCost {
  /** Name of the place, as people read it. */
  place: string;
  /** When the soak began: a place that soaks again costs again. */
  soak: string;
  checks: Record<string, number>;
}

/** What a release has cost in all. */
export interface Spent {
  requests: number;
  /** Places that have cost something, the most expensive first. */
  places: string[];
}

/** The costs with what a region says of its soak now; those that are known of a soak are replaced. */
export function withCost(costs: SoakCost[], state: Pick<RegionState, 'environment' | 'region' | 'tenant' | 'soak'>): SoakCost[] {
  const { soak } = state;
  const ratios = (soak?.checks ?? []).filter(({ kind }) => kind === 'ratio');
  if (soak === undefined || ratios.length === 0) return costs;
  const cost = { place: placeKey(state), soak: soak.startedAt, checks: Object.fromEntries(ratios.map(({ name, attributable }) => [name, attributable])) };
  return [...costs.filter((each) => each.place !== cost.place || each.soak !== cost.soak), cost];
}

/**
 * What is spent of a budget: the sum over all soaks of the check that it is largest for, as a request that is both slow and failed is one.
 * A soak that went better than expected pays back: what is chance in one is made good in another.
 */
export function spentOf(costs: SoakCost[]): Spent {
  const names = [...new Set(costs.flatMap(({ checks }) => Object.keys(checks)))];
  return names.map((name) => spentBy(costs, name)).reduce((most, each) => (each.requests > most.requests ? each : most), { requests: 0, places: [] });
}

function spentBy(costs: SoakCost[], check: string): Spent {
  const byPlace = new Map<string, number>();
  for (const { place, checks } of costs) byPlace.set(place, (byPlace.get(place) ?? 0) + (checks[check] ?? 0));
  const places = [...byPlace].filter(([, requests]) => requests > 0).toSorted(([, a], [, b]) => b - a).map(([place]) => place);
  return { requests: [...byPlace.values()].reduce((sum, requests) => sum + requests, 0), places };
}

/** How many bad requests are left to a release that may cost `limit`; never less than none. */
export const budgetLeft = (costs: SoakCost[], limit: number): number => Math.max(0, limit - spentOf(costs).requests);

/** Why the rollout is held, and what it means to go on. */
export const budgetMessage = (release: string, { requests, places }: Spent, limit: number, budget: number): string =>
  `${release} has cost ${whole(requests)} bad requests in ${listNames(places)}, ${whole(limit)} is the budget. Resume to let it cost ${whole(budget)} more, or rollback or abort.`;

const whole = (requests: number): string => Math.round(requests).toLocaleString('en');
