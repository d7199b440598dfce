import { approvalsNeeded } from '../rollout/plan/approvals-needed.js';
import { planRollout } from '../rollout/plan/plan.js';
import type { PlanAnswer } from '../rollout/schema/plan.js';
import type { ShipOptions, ShipRequest } from '../rollout/schema/ship.js';
import { tailorDocument } from '../rollout/plan/tailor.js';
import { timetable } from '../rollout/plan/timetable.js';
import { namedRelease } from './sent-release.js';
import { obstacles } from './obstacles.js';
import type { Actor } from './roles.js';
import type { PipelineState } from './temporal/workflows.js';

/**
 * What a rollout would do if `actor` started it now, when, and what it would need. Throws what leaves no plan at all: `InvalidRequest`,
 * `ResidencyViolated`. What else would keep it from starting is a warning: a plan is there to be read.
 */
export function planAnswer(state: PipelineState, { release: sent, ...options }: Omit<ShipRequest, 'pipeline'>, actor: Actor, nowMs: number): PlanAnswer {
  const { revision, releases, board, drained, freezes, deployMs } = state;
  const release = namedRelease(sent);
  const document = tailorDocument(state.document, options);
  const known = releases.find((each) => each.release.version === release.version);
  const bundle = known?.release ?? release;
  const plan = planRollout({ document, revision, release: release.version, bundle, options, verified: known?.verified ?? {}, board, drained });
  return {
    ...plan,
    warnings: [...plan.warnings, ...obstacles(state, plan, { ...known?.release, ...release }, options, actor)],
    timetable: timetable({ document, plan, nowMs, ...startOf(options), freezes, deployMs }),
    approvals: approvalsNeeded(document, plan),
  };
}

/** `tonight` is a window of each region, no time of its own. */
const startOf = ({ startAt }: ShipOptions): { startAtMs?: number } =>
  (startAt === undefined || startAt === 'tonight' ? {} : { startAtMs: Date.parse(startAt) });
