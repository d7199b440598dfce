import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { rolloutWorkflowId } from '../../src/rollout/ids.js';
import { regionReportSignal } from '../messages/rollout.js';
import type { Comparison } from '../messages/region.js';
import { isTold } from '../tell.js';
import { nameOf, patch, type RegionRun } from './run.js';

const ownPast: Omit<Comparison, 'soak'> = { controls: [], carried: {}, budgetLeft: null };

/**
 * Tells the rollout that the soak begins, and asks what it is compared with: only the rollout knows what changes meanwhile. Where it cannot answer, the
 * region is compared with its own past rather than watched by nobody.
 */
export async function askComparison(run: RegionRun, text: string): Promise<void> {
  const { startedAt } = run.state.soak!;
  const rollout = getExternalWorkflowHandle(rolloutWorkflowId(run.input.rollout));
  const isAsked = await isTold(rollout, regionReportSignal, { state: run.state, text, asksComparison: true });
  const isAnswered = isAsked && (await condition(() => run.comparison?.soak === startedAt, '5 minutes', { summary: `what ${nameOf(run)} is compared with` }));
  const { controls } = isAnswered ? run.comparison! : (run.comparison = { soak: startedAt, ...ownPast });
  patch(run, { soak: { ...run.state.soak!, controls: controls.map(({ region, tenant }) => (tenant === undefined ? region : `${region}/${tenant}`)) } });
}
