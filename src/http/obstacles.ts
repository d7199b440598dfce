import { blockedMessage, blockOf } from '../rollout/control/blocks.js';
import { MeridianFailure } from '../rollout/failure.js';
import { completeRelease } from '../rollout/pipeline/releases.js';
import { refuseUnfit } from '../rollout/pipeline/schema-admission.js';
import { listNames } from '../rollout/list-names.js';
import { assertMayShip } from '../rollout/control/may-ship.js';
import { placesOf } from '../rollout/plan/plan.js';
import type { PipelineDocument } from '../rollout/schema/pipeline.js';
import type { Plan } from '../rollout/schema/plan.js';
import type { Release } from '../rollout/schema/release.js';
import type { ShipOptions } from '../rollout/schema/ship.js';
import { describeMissing, missingVariables } from '../rollout/document/variables.js';
import type { Actor } from './roles.js';
import type { PipelineState } from './temporal/workflows.js';

/** What would refuse a rollout with this plan, or let it wait, if `actor` started it as things are. Each in one sentence. */
export function obstacles(state: PipelineState, plan: Plan, release: Release, options: ShipOptions, actor: Actor): string[] {
  const { name, document, blocks } = state;
  const block = blockOf(blocks, name, release);
  return [
    ...refusal(() => void completeRelease(release, state.releases, document)),
    ...(plan.phases.length === 0 ? ['There is nothing left to do: it already runs, verified, wherever it was to go.'] : []),
    ...(block ? [blockedMessage(block, release)] : []),
    ...refusal(() => assertMayShip(document, { options, by: actor.name, roles: actor.roles })),
    ...obstaclesOnTheWay(state, plan, options, plan.phases.map(({ environment }) => environment)),
  ];
}

/** The same for what does not depend on what is shipped: values that its places lack, and those who hold the environments that it needs. */
export function obstaclesOnTheWay({ document, locks }: PipelineState, plan: Plan, options: ShipOptions, environments: string[]): string[] {
  const missing = missingVariables(document, plan.phases.flatMap(placesOf));
  const holders = new Set(environments.flatMap((environment) => locks[environment] ?? []));
  return [
    ...(missing.length > 0 ? [describeMissing(missing)] : []),
    ...(holders.size > 0 ? [meeting(options.lane === 'hotfix' ? 'supersede' : document.policy.overlap, listNames([...holders]))] : []),
  ];
}

/** Why the release could not run with the schema of a place, after its own migrations. */
export const unfitness = (fit: Parameters<typeof refuseUnfit>[0]): string[] => refusal(() => refuseUnfit(fit));

function refusal(assert: () => void): string[] {
  try {
    assert();
    return [];
  } catch (error) {
    if (error instanceof MeridianFailure) return [error.message];
    throw error;
  }
}

/** What happens between a new rollout and those that hold its environments. */
function meeting(overlap: PipelineDocument['policy']['overlap'], holders: string): string {
  switch (overlap) {
    case 'queue':
      return `It would wait in line behind ${holders}.`;
    case 'supersede':
      return `It would take over from ${holders}, at the edge of a wave.`;
    case 'reject':
      return `It would be refused while ${holders} holds the environment: policy.overlap is reject.`;
  }
}
