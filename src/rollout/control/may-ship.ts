import { MeridianFailure } from '../failure.js';
import { assertRole, type Actor } from './roles.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { ShipOptions } from '../schema/ship.js';

/**
 * Throws when this person may not ship in this way: `HotfixRefused` where there is no hot-fix lane or no reason to take it, `RoleMissing`
 * when the lane or an override takes a role that they do not have.
 */
export function assertMayShip({ name, policy }: PipelineDocument, { options, ...actor }: Actor & { options: ShipOptions }): void {
  if (options.override !== undefined) assertRole(actor, policy.override.roles, `Beginning with ${options.override.from}`);
  if (options.lane !== 'hotfix') return;
  if (policy.hotfix === undefined) {
    throw new MeridianFailure('HotfixRefused',
      `${name} has no hot-fix lane: policy.hotfix of its document would say how long a hot-fix soaks, and who may ship one.`);
  }
  assertRole(actor, policy.hotfix.roles, 'The hot-fix lane');
  if (options.reason !== undefined) return;
  throw new MeridianFailure('HotfixRefused', 'A hot-fix goes before everybody else: give the reason with it.');
}
