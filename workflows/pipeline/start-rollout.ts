import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { admit, type Admission, type AdmissionRequest } from '../../src/rollout/pipeline/admission.js';
import { rolloutWorkflowId } from '../../src/rollout/ids.js';
import { endRollout, markReady } from '../../src/rollout/pipeline/pipeline-line.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import { answeredBefore, remember } from '../answered.js';
import { asUpdateAnswer } from '../failures.js';
import type { RolloutMemo } from '../memo.js';
import type { Admitted, StartRequest } from '../messages/pipeline.js';
import { rollout } from '../rollout.js';
import type { RolloutInput } from '../rollout/run.js';
import { searchAttributes } from '../search-attributes.js';
import { admitNext } from './line.js';
import { doubtHolders } from './lost-rollouts.js';
import { changeLedger, now, type PipelineRun } from './run.js';

/** In whose name it is started. */
type Starter = Pick<AdmissionRequest, 'options' | 'by' | 'roles'>;

export function checkStart(run: PipelineRun, request: StartRequest): void {
  if (answeredBefore(run) === undefined) asUpdateAnswer(() => admission(run, request));
}

const admission = (run: PipelineRun, request: AdmissionRequest): Admission => admit(run.ledger, request, now());

/** The rollout that a person asks for; the same one however often they ask. */
export async function startRollout(run: PipelineRun, request: StartRequest): Promise<Admitted> {
  const before = answeredBefore<Admitted>(run);
  if (before) return before;
  const { rollout: id, number, plan } = await begin(run, request);
  const { fingerprint } = request;
  return remember(run, { rollout: id, number, plan: plan.hash, ...(fingerprint !== undefined && { fingerprint }) });
}

/** Numbers the rollout, starts its workflow, and gives it its environments as soon as they are free. */
export const begin = (run: PipelineRun, request: AdmissionRequest): Promise<RolloutInput> => beginAs(run, request, () => admission(run, request));

/** The same for what `letIn` admits: made anew where its number was taken. */
export async function beginAs(run: PipelineRun, request: Starter, letIn: () => Admission): Promise<RolloutInput> {
  const admitted = asUpdateAnswer(letIn);
  changeLedger(run, admitted.ledger);
  const { options, by, roles } = request;
  const input: RolloutInput = { ...admitted.rollout, pipeline: run.ledger.name, options, startedBy: by, roles, createdAt: now() };
  const isStarted = await tryToStart(input).catch((error: unknown) => {
    changeLedger(run, endRollout(run.ledger, input.rollout)); // its place in line is nobody's
    throw error;
  });
  if (!isStarted) {
    changeLedger(run, endRollout(run.ledger, input.rollout));
    return beginAs(run, request, letIn);
  }
  changeLedger(run, markReady(run.ledger, input.rollout));
  admitNext(run);
  if (input.behind !== null) doubtHolders(run);
  return input;
}

/** False when a rollout of this number has been there before: a pipeline that was terminated and begun anew counts from 1 again. */
async function tryToStart(input: RolloutInput): Promise<boolean> {
  const { rollout: summary } = memoOf(input);
  try {
    await startChild(rollout, {
      workflowId: rolloutWorkflowId(input.rollout),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      staticSummary: summaryOf(input),
      staticDetails: detailsOf(input),
      memo: { rollout: summary } satisfies RolloutMemo,
      typedSearchAttributes: [
        { key: searchAttributes.pipeline, value: input.pipeline },
        { key: searchAttributes.release, value: input.release.version },
        { key: searchAttributes.status, value: summary.status },
        { key: searchAttributes.regions, value: [...new Set(input.plan.phases.flatMap(placesOf).map(({ region }) => region))] },
      ],
    });
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}

/** `shop 1.1.0 to staging, production`, `shop: contract 0001-split-name in staging, production`. */
function summaryOf({ pipeline, release, plan, schema: { contract } }: RolloutInput): string {
  const where = plan.phases.map((phase) => phase.environment).join(', ');
  return contract === undefined ? `${pipeline} ${release.version} to ${where}` : `${pipeline}: contract ${contract.join(', ')} in ${where}`;
}

/** What lists show until the rollout speaks for itself. */
function memoOf(input: RolloutInput): RolloutMemo {
  const { rollout: id, pipeline, number, release, options, startedBy, createdAt, overrides, behind, schema: { contract } } = input;
  const startAt = scheduledFor(input);
  const about = { id, pipeline, number, release: release.version, ...(contract && { contract }), phase: null, lane: options.lane, startedBy, createdAt, overrides };
  if (startAt !== null) return { rollout: { ...about, status: 'scheduled', startAt, why: `Starts at ${startAt}.` } };
  const why = behind === null ? 'Waiting for its environments.' : `Queued behind ${behind} until it ends.`;
  return { rollout: { ...about, status: 'queued', why } };
}

/** The time at which it starts by itself (ISO 8601, UTC); null for one that starts as soon as it can. */
function scheduledFor({ options: { startAt }, createdAt }: RolloutInput): string | null {
  if (startAt === undefined || startAt === 'tonight' || Date.parse(startAt) <= Date.parse(createdAt)) return null;
  return new Date(startAt).toISOString();
}

const nameOf = ({ region, tenant }: { region: string; tenant?: string | undefined }): string => (tenant === undefined ? region : `${region}/${tenant}`);

const deedOf = ({ pipeline, release, schema: { contract } }: RolloutInput): string =>
  (contract === undefined ? `ships **${pipeline} ${release.version}**` : `takes the old shape of **${contract.join(', ')}** away from ${pipeline}`);

const detailsOf = (input: RolloutInput): string =>
  [
    `${input.startedBy} ${deedOf(input)} (document revision ${input.plan.revision}).`,
    ...(input.options.reason === undefined ? [] : ['', `> ${input.options.reason}`]),
    '',
    ...input.plan.phases.map((phase) => `- **${phase.environment}**: ${phase.waves.map((wave) => wave.regions.map(nameOf).join(' + ')).join(' → ')}`),
    ...input.plan.leftOut.map((left) => `- left out: ${[left.environment, left.region, left.tenant].filter(Boolean).join('/')}, ${left.why}`),
    ...input.overrides.map(({ by, what, reason }) => `- ⚠ ${by} passed over ${what}: ${reason}`),
    ...input.plan.warnings.map((warning) => `- ⚠ ${warning}`),
    '',
    'Steer it by Update or Signal: `pause`, `resume`, `approve`, `reject`, `abort`, `rollback`, `retry`, `skip`, `override`, `promote`,',
    'with `{"by": "you", "reason": "why"}`.',
  ].join('\n');
