import { condition, getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import { blockedMessage } from '../../src/rollout/control/blocks.js';
import { MeridianFailure, type FailureCode } from '../../src/rollout/failure.js';
import { pipelineWorkflowId } from '../../src/rollout/ids.js';
import { planRollout, refuseLostPhases } from '../../src/rollout/plan/plan.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import { isTerminal } from '../../src/rollout/states/statuses.js';
import { failureOf, isExpected } from '../failures.js';
import { dueSignal } from '../messages/pipeline.js';
import { tell } from '../tell.js';
import { move, setFailure, setPlan } from './record.js';
import type { RolloutRun } from './run.js';
import { preflight } from './walk.js';

// From the request to the first gate: its time, its plan as things are now, and a look at everything that it needs.

/** A scheduled rollout stands in no line before its time. */
export async function untilDue(run: RolloutRun): Promise<void> {
  const { startAt } = run.view;
  if (run.view.status !== 'scheduled' || startAt === undefined) return;
  const waitMs = Math.max(1, Date.parse(startAt) - Date.now());
  if (!(await condition(() => run.view.status !== 'scheduled', waitMs, { summary: `starts at ${startAt}` }))) move(run, 'due');
  if (isTerminal(run.view.status)) return;
  await tell(getExternalWorkflowHandle(pipelineWorkflowId(run.input.pipeline)), dueSignal, { rollout: run.input.rollout });
}

/** True when everything is there that the rollout needs; false when it has ended as `failed`, before anything was touched. */
export async function passPreflight(run: RolloutRun): Promise<boolean> {
  try {
    planAnew(run);
    await preflight(run);
    return true;
  } catch (error) {
    if (isCancellation(error) || !isExpected(error)) throw error;
    setFailure(run, failureOf(error, 'preflight'));
    move(run, 'preflight-failed');
    return false;
  }
}

/** What was verified, drained or blocked while it waited counts: the plan is made again from what is so now. */
function planAnew(run: RolloutRun): void {
  const { document, revision, release, options } = run.input;
  if (run.holds.block) throw new MeridianFailure('ReleaseBlocked', blockedMessage(run.holds.block, release));
  if (!run.admission) return;
  const { verified, board, migrations, schema, refusal } = run.admission;
  if (refusal !== null) throw new MeridianFailure(refusal.code as FailureCode, refusal.message);
  run.schema = { ...run.schema, ...schema };
  const { contract } = run.schema;
  if (contract === undefined) refuseLostPhases(run.plan, document, verified);
  const plan = planRollout({
    document, revision, release: release.version, bundle: release, options, verified, board, drained: run.holds.drained, migrations, contract,
  });
  if (options.plan !== undefined && plan.hash !== options.plan) {
    throw new MeridianFailure('PlanChanged', 'What was to be done has changed since the plan was looked at. Look at the plan again, and start anew.');
  }
  refuseUnlocked(run, plan);
  refuseUnapproved(run, plan);
  setPlan(run, plan, 'other rollouts ended while it waited');
}

/** The approval of what cannot be undone stands where that was to happen first when the contract was asked for. */
function refuseUnapproved({ input }: RolloutRun, plan: Plan): void {
  if (plan.pointOfNoReturn === null || plan.pointOfNoReturn.environment === input.plan.pointOfNoReturn?.environment) return;
  throw new MeridianFailure('PlanChanged', `What cannot be undone would happen in ${plan.pointOfNoReturn.environment} first, where nobody is asked: another contract ended meanwhile. Start it anew.`);
}

/** The environments of its first plan are what it holds: a walk that has become longer meanwhile is another rollout's. */
function refuseUnlocked({ input }: RolloutRun, plan: Plan): void {
  const held = input.plan.phases.map(({ environment }) => environment);
  const more = plan.phases.map(({ environment }) => environment).filter((environment) => !held.includes(environment));
  if (more.length === 0) return;
  throw new MeridianFailure('PlanChanged',
    `${plan.release} would have to go to ${more.join(' and ')} again, where another release runs since this rollout was asked for. Ship it again.`);
}
