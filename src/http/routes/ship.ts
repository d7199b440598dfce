import type { ShipRequest } from '../../rollout/schema/ship.js';
import { sameRequest, type WriteKey } from '../idempotency.js';
import type { ProblemCode } from '../problems.js';
import type { Actor } from '../roles.js';
import type { Answer } from '../route.js';
import { readRelease } from '../sent-release.js';
import type { Services } from './services.js';
import { answerStarted, unread } from './started.js';

/** What starting a rollout may be refused for. */
export const startProblems: ProblemCode[] = [
  'PipelineNotFound', 'ReleaseUnknown', 'ReleaseChanged', 'ReleaseBlocked', 'NothingToDo', 'EnvironmentBusy', 'VariableMissing',
  'ResidencyViolated', 'PhaseNotVerified', 'HotfixRefused', 'PlanChanged', 'RoleMissing', 'MigrationRefused', 'MigrationChanged', 'SchemaIncompatible',
];

/** Starts a rollout in the name of `actor`, and answers it as it stands. A promotion goes on from where the release is verified. */
export async function ship(services: Services, request: ShipRequest, actor: Actor, key: WriteKey, isPromotion = false): Promise<Answer> {
  const { pipeline, release: sent, ...options } = request;
  const { release, migrations } = await readRelease(sent);
  const message = {
    release, options, by: actor.name, roles: actor.roles, fingerprint: key.fingerprint,
    ...(migrations.length > 0 && { migrations }), ...(isPromotion && { isPromotion }),
  };
  const { rollout: id, number, plan } = sameRequest(await services.workflows.startRollout(pipeline, message, key.updateId), key);
  const { lane, reason } = options;
  return answerStarted(services, id, () => ({
    ...unread, id, pipeline, number, release: release.version, plan, lane, startedBy: actor.name, createdAt: new Date().toISOString(),
    ...(reason !== undefined && { reason }),
  }));
}
