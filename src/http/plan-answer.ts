import { approvalsNeeded } from '../rollout/approvals-needed.js';
import { blockedMessage, blockOf } from '../rollout/blocks.js';
import { placesOf, planRollout } from '../rollout/plan.js';
import type { Plan, PlanAnswer } from '../rollout/schema/plan.js';
import type { Release } from '../rollout/schema/release.js';
import type { ShipOptions, ShipRequest } from '../rollout/schema/ship.js';
import { tailorDocument } from '../rollout/tailor.js';
import { timetable } from '../rollout/timetable.js';
import { describeMissing, missingVariables } from '../rollout/variables.js';
import type { PipelineState } from './temporal/workflows.js';

/**
 * What a rollout would do if it was started now, when, and what it would need. Throws what the plan alone refuses: `InvalidRequest`,
 * `ResidencyViolated`, `HotfixRefused`, `PhaseNotVerified`. What would keep it from starting besides is a warning: a plan is there to be read.
 */
export function planAnswer(state: PipelineState, { release, ...options }: Omit<ShipRequest, 'pipeline'>, nowMs: number): PlanAnswer {
  const { revision, releases, board, drained, freezes, deployMs } = state;
  const document = tailorDocument(state.document, options);
  const known = releases.find((each) => each.release.version === release.version);
  const plan = planRollout({ document, revision, release: release.version, options, verified: known?.verified ?? {}, board, drained });
  return {
    ...plan,
    warnings: [...plan.warnings, ...obstacles(state, plan, { ...known?.release, ...release })],
    timetable: timetable({ document, plan, nowMs, ...startOf(options), freezes, deployMs }),
    approvals: approvalsNeeded(document, plan),
  };
}

/** `tonight` is a window of each region, no time of its own. */
const startOf = ({ startAt }: ShipOptions): { startAtMs?: number } =>
  (startAt === undefined || startAt === 'tonight' ? {} : { startAtMs: Date.parse(startAt) });

/** What would refuse the rollout, or let it wait in line, as things are. */
function obstacles({ name, document, blocks, locks }: PipelineState, plan: Plan, release: Release): string[] {
  const block = blockOf(blocks, name, release);
  const missing = missingVariables(document, plan.phases.flatMap(placesOf));
  const holders = plan.phases.flatMap(({ environment }) => locks[environment] ?? []);
  return [
    ...(block ? [blockedMessage(block, release)] : []),
    ...(missing.length > 0 ? [describeMissing(missing)] : []),
    ...[...new Set(holders)].map((rollout) => `${rollout} is at work there: this one would wait for it, take over from it or be refused, as policy.overlap says.`),
  ];
}
