import { approvalsNeeded } from '../rollout/plan/approvals-needed.js';
import { withPointOfNoReturn } from '../rollout/plan/point-of-no-return.js';
import { tailorDocument } from '../rollout/plan/tailor.js';
import { timetable } from '../rollout/plan/timetable.js';
import type { Plan, PlanAnswer } from '../rollout/schema/plan.js';
import type { ShipOptions } from '../rollout/schema/ship.js';
import { obstaclesOnTheWay } from './obstacles.js';
import { startOf } from './plan-answer.js';
import type { PipelineState } from './temporal/workflows.js';

/** The plan of a contract with its times, with the approval of what has no way back, and with what it would wait for. */
export function contractAnswer(state: PipelineState, plan: Plan, options: ShipOptions, nowMs: number): PlanAnswer {
  const { freezes, deployMs } = state;
  const first = plan.phases[0]?.environment;
  const walk = { ...options, to: plan.phases.at(-1)?.environment };
  const document = withPointOfNoReturn(tailorDocument(state.document, walk), plan.migrations.filter(({ oneWay }) => oneWay), first);
  return {
    ...plan,
    warnings: [...plan.warnings, ...obstaclesOnTheWay(state, plan, options, state.document.lifecycle.map(({ environment }) => environment))],
    timetable: timetable({ document, plan, nowMs, ...startOf(options), freezes, deployMs }),
    approvals: approvalsNeeded(document, plan),
  };
}
