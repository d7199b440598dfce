import { MeridianFailure } from '../../rollout/failure.js';
import type { DecisionRequest } from '../../rollout/schema/decision.js';
import type { WriteKey } from '../idempotency.js';
import type { Actor } from '../roles.js';
import type { Answer } from '../route.js';
import type { Services } from './services.js';
import { ship } from './ship.js';

/** A decision about a rollout, as it was sent. */
export interface Deciding {
  id: string;
  request: DecisionRequest;
  actor: Actor;
  key: WriteKey;
}

/**
 * Promotes a rollout: by `decide` while it runs. One that has succeeded takes no decisions any more, so a new one ships its release on to
 * where the lifecycle goes from there. Throws `DecisionRefused` for one that ended in any other way, or at the end of
 * the lifecycle, and `PhaseNotVerified` when the release was taken back meanwhile.
 */
export async function promoteOrShipOn(services: Services, deciding: Deciding, decide: () => Promise<Answer>): Promise<Answer> {
  try {
    return await decide();
  } catch (error) {
    if (!isRefused(error) || !(await hasSucceeded(services, deciding.id))) throw error;
    return shipOn(services, deciding);
  }
}

const isRefused = (error: unknown): boolean => error instanceof MeridianFailure && error.code === 'DecisionRefused';

const hasSucceeded = async ({ workflows }: Services, id: string): Promise<boolean> => (await workflows.rolloutMemo(id)).status === 'succeeded';

async function shipOn(services: Services, { id, request: { reason }, actor, key }: Deciding): Promise<Answer> {
  const { pipeline, release: version, next: to } = await services.workflows.plan(id);
  if (to === null) throw new MeridianFailure('DecisionRefused', `${id} has shipped ${version} to the end of the lifecycle: there is nothing after it.`);
  const options = { to, lane: 'normal' as const, rehearse: false, ...(reason !== undefined && { reason }) };
  return ship(services, { pipeline, release: { version }, ...options }, actor, key, true);
}
