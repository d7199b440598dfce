import { MeridianFailure } from '../../rollout/failure.js';
import { Rollout } from '../../rollout/schema/rollout.js';
import type { ShipRequest } from '../../rollout/schema/ship.js';
import { namedRelease } from '../sent-release.js';
import { sameRequest, type WriteKey } from '../idempotency.js';
import type { Actor } from '../roles.js';
import type { Answer, DocumentedAnswer } from '../route.js';
import { OutOfReach } from '../temporal/out-of-reach.js';
import type { Admitted, RolloutView } from '../temporal/workflows.js';
import type { ProblemCode } from '../problems.js';
import type { Services } from './services.js';

/** What starting a rollout answers. */
export const shipped: DocumentedAnswer = {
  description: 'The rollout is numbered; it runs, waits in line or waits for its time',
  schema: Rollout,
  headers: { Location: { description: 'Where the rollout is read', schema: { type: 'string' } } },
};

/** What starting a rollout may be refused for. */
export const startProblems: ProblemCode[] = [
  'PipelineNotFound', 'ReleaseUnknown', 'ReleaseChanged', 'ReleaseBlocked', 'NothingToDo', 'EnvironmentBusy', 'VariableMissing',
  'ResidencyViolated', 'PhaseNotVerified', 'HotfixRefused', 'PlanChanged', 'RoleMissing',
];

/** Starts a rollout in the name of `actor`, and answers it as it stands. A promotion goes on from where the release is verified. */
export async function ship(services: Services, request: ShipRequest, actor: Actor, key: WriteKey, isPromotion = false): Promise<Answer> {
  const { pipeline, release, ...options } = request;
  const message = { release: namedRelease(release), options, by: actor.name, roles: actor.roles, fingerprint: key.fingerprint, ...(isPromotion && { isPromotion }) };
  const admitted = sameRequest(await services.workflows.startRollout(pipeline, message, key.updateId), key);
  const view = await readOrAdmitted(services, request, admitted, actor.name);
  const links = services.links.rollout(view.id);
  return { status: 202, body: { ...view, links } satisfies Rollout, headers: { Location: links.self } };
}

/**
 * The rollout as it stands; what its admission has told when it cannot be read. It was started, whatever happens now: a caller who would
 * send the request again without a key would start a second one.
 */
async function readOrAdmitted({ workflows }: Services, request: ShipRequest, { rollout, number, plan }: Admitted, by: string): Promise<RolloutView> {
  try {
    return await workflows.rollout(rollout);
  } catch (error) {
    if (!(error instanceof OutOfReach) && !(error instanceof MeridianFailure)) throw error;
    return {
      id: rollout, pipeline: request.pipeline, number, release: request.release.version, plan, lane: request.lane,
      startedBy: by, createdAt: new Date().toISOString(), ...(request.reason !== undefined && { reason: request.reason }),
      status: 'queued', phase: null, why: 'It is admitted; what it does cannot be read just now.',
      overrides: [], waitingFor: [], regions: [], timeline: [],
    };
  }
}
