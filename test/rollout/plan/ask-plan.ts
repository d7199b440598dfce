import { placeKey, type Place } from '../../../src/rollout/places.js';
import { placesOf, planRollout, type PlanQuestion } from '../../../src/rollout/plan/plan.js';
import type { Plan } from '../../../src/rollout/schema/plan.js';
import type { ShipOptions } from '../../../src/rollout/schema/ship.js';
import { shipOptions, shop } from '../sample-document.js';

/** The plan of 1.1.0 of the shop, revision 3, where nothing has been shipped yet and nothing special is asked for. */
export const ask = ({ options, ...changes }: Partial<Omit<PlanQuestion, 'options'>> & { options?: Partial<ShipOptions> } = {}): Plan =>
  planRollout({ document: shop(), revision: 3, release: '1.1.0', verified: {}, board: [], options: shipOptions(options), ...changes });

/** The environments of a plan. */
export const walk = (plan: Plan): string[] => plan.phases.map(({ environment }) => environment);

/** The keys of every place of a plan. */
export const covered = (plan: Plan): string[] => plan.phases.flatMap(placesOf).map(placeKey);

export const regions = ['sydney', 'frankfurt', 'virginia'];

/** The key of every region of the shop in these environments. */
export const everywhere = (...environments: string[]): string[] => environments.flatMap((environment) => regions.map((region) => `${environment}/${region}`));

export const placeIn = (key: string): Place => {
  const [environment, region, tenant] = key.split('/');
  return { environment: environment!, region: region!, ...(tenant !== undefined && { tenant }) };
};

/** A board on which the release runs in these places. */
export const running = (release: string, ...keys: string[]): PlanQuestion['board'] => keys.map((key) => ({ ...placeIn(key), release }));
