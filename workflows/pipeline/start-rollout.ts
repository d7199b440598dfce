import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { admit, type Admission } from '../../src/rollout/admission.js';
import { rolloutWorkflowId } from '../../src/rollout/ids.js';
import { endRollout, markReady } from '../../src/rollout/pipeline-ledger.js';
import { regionsOf } from '../../src/rollout/plan.js';
import { asUpdateAnswer } from '../failures.js';
import type { Admitted, StartRequest } from '../messages.js';
import type { RolloutMemo } from '../memo.js';
import { rollout } from '../rollout.js';
import type { RolloutInput } from '../rollout/run.js';
import { searchAttributes } from '../search-attributes.js';
import { freeTheLost } from './lost-rollouts.js';
import { admitNext, answeredBefore, changeLedger, now, remember, type PipelineRun } from './run.js';

export function checkStart(run: PipelineRun, request: StartRequest): void {
  asUpdateAnswer(() => admission(run, request));
}

const admission = (run: PipelineRun, request: StartRequest): Admission => admit(run.ledger, request, now());

/** Numbers the rollout, starts its workflow, and gives it its environments as soon as they are free. */
export async function startRollout(run: PipelineRun, request: StartRequest): Promise<Admitted> {
  const before = answeredBefore<Admitted>(run);
  if (before) return before;
  await freeTheLost(run);
  const admitted = asUpdateAnswer(() => admission(run, request));
  changeLedger(run, admitted.ledger);
  const input: RolloutInput = { ...admitted.rollout, pipeline: run.ledger.name, startedBy: request.by, createdAt: now() };
  const isStarted = await tryToStart(input).catch((error: unknown) => {
    changeLedger(run, endRollout(run.ledger, input.rollout)); // its place in line is nobody's
    throw error;
  });
  if (!isStarted) {
    changeLedger(run, endRollout(run.ledger, input.rollout));
    return startRollout(run, request);
  }
  changeLedger(run, markReady(run.ledger, input.rollout));
  admitNext(run);
  return remember(run, {
    rollout: input.rollout, number: input.number, ...(request.fingerprint !== undefined && { fingerprint: request.fingerprint }),
  });
}

/** False when a rollout of this number has been there before: a pipeline that was terminated and begun anew counts from 1 again. */
async function tryToStart(input: RolloutInput): Promise<boolean> {
  try {
    await startChild(rollout, {
      workflowId: rolloutWorkflowId(input.rollout),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      staticSummary: `${input.pipeline} ${input.release.version} to ${input.plan.phases.map((phase) => phase.environment).join(', ')}`,
      staticDetails: detailsOf(input),
      memo: memoOf(input),
      typedSearchAttributes: [
        { key: searchAttributes.pipeline, value: input.pipeline },
        { key: searchAttributes.release, value: input.release.version },
        { key: searchAttributes.status, value: 'queued' },
        { key: searchAttributes.regions, value: [...new Set(input.plan.phases.flatMap(regionsOf))] },
      ],
    });
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}

const memoOf = (input: RolloutInput): RolloutMemo => ({
  rollout: {
    id: input.rollout, pipeline: input.pipeline, number: input.number, release: input.release.version, status: 'queued', phase: null,
    startedBy: input.startedBy, createdAt: input.createdAt,
    why: input.behind === null ? 'Waiting for its environments.' : `Queued behind ${input.behind}, until that one ends.`,
  },
});

const detailsOf = (input: RolloutInput): string =>
  [
    `${input.startedBy} ships **${input.pipeline} ${input.release.version}** (document revision ${input.plan.revision}).`,
    '',
    ...input.plan.phases.map((phase) =>
      `- **${phase.environment}**: ${phase.waves.map((wave) => wave.regions.map(({ region }) => region).join(' + ')).join(' → ')}`),
    ...input.plan.warnings.map((warning) => `- ⚠ ${warning}`),
    '',
    'Steer it by Update or Signal: `pause`, `resume`, `approve`, `reject`, `abort`, `rollback`, `retry`, `skip`, with `{"by": "you", "reason": "why"}`.',
  ].join('\n');
