import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { baselineIn } from '../src/rollout/pipeline/pipeline-answers.js';
import { noteSchema, type MigrationRecord } from '../src/rollout/migrations/records.js';
import { noteChange } from '../src/rollout/pipeline/pipeline-changes.js';
import type { PipelineLedger } from '../src/rollout/pipeline/pipeline-ledger.js';
import { recordOverride } from '../src/rollout/pipeline/releases.js';
import type { OverrideRecord } from '../src/rollout/schema/rollout.js';
import type { Answered } from './answered.js';
import {
  applyUpdate, baselineQuery, calendarSignal, contractPlanQuery, drainUpdate, dueSignal, overriddenSignal, pipelineQuery, regionChangedSignal, revokeUpdate,
  rolloutEndedSignal, schemaChangedSignal, startContractUpdate, startRolloutUpdate, watchEndedSignal, type ApplyRequest, type DrainRequest,
  type RevokeRequest, type StartContract, type StartRequest,
} from './messages/pipeline.js';
import { adoptUnknown, hasUnknown } from './pipeline/adopt.js';
import { apply, checkApply } from './pipeline/apply.js';
import { hasJoiner, hasPromotion, shipJoiner, startPromotion } from './pipeline/by-itself.js';
import { checkDrain, checkRevoke, drain, revoke } from './pipeline/change.js';
import { takeDue, takeEnd } from './pipeline/line.js';
import { freeTheLost } from './pipeline/lost-rollouts.js';
import { changeWatched, takeWatchEnd } from './pipeline/provisional.js';
import { changeLedger, keepShown, newPipelineRun, stateOf, type PipelineRun } from './pipeline/run.js';
import { checkContract, contractDueAt, contractPlan, isContractDue, startContract, startDueContract } from './pipeline/start-contract.js';
import { checkStart, startRollout } from './pipeline/start-rollout.js';
import { subscribe, takeCalendar } from './pipeline/subscribe.js';

export interface PipelineInput {
  name: string;
  /** Handed over when the entity continues as new. */
  before?: { ledger: PipelineLedger; answered: Answered[] };
}

/** While somebody waits, or is refused, the holder is looked for this often: one that was terminated cannot say that it has ended. */
const patience = '5 minutes';

/**
 * Half of the length at which the server suggests a new run: a replay of more takes an overloaded machine longer than the SDK's limit
 * of 5 s for one step of a script.
 */
const longHistory = 2_000;

/** Its history has grown long, and nothing is under way that would be lost with it. */
const mayHandOver = (run: PipelineRun): boolean =>
  (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength >= longHistory)
  && allHandlersFinished() && !run.isLooking && run.isShown && run.telling === 0;

/**
 * A pipeline: the entity that holds its document, releases, board, line and queue. It never ends; it continues as new
 * when its history has grown long, after all handlers have finished, so that no update is lost.
 */
export async function pipeline(input: PipelineInput): Promise<void> {
  const run = openPipeline(input);
  await Promise.all([keepShown(run), subscribe(run), work(run)]);
}

/** Everything that a pipeline does by itself, for ever. */
async function work(run: PipelineRun): Promise<never> {
  for (;;) {
    await untilWork(run);
    if (run.doubtsHolders) await freeTheLost(run);
    if (hasUnknown(run)) void adoptUnknown(run);
    if (hasPromotion(run)) await startPromotion(run);
    if (hasJoiner(run)) await shipJoiner(run);
    if (isContractDue(run)) await startDueContract(run);
    if (mayHandOver(run)) await continueAsNew<typeof pipeline>({ name: run.ledger.name, before: { ledger: run.ledger, answered: run.answered } });
  }
}

async function untilWork(run: PipelineRun): Promise<void> {
  const hasWork = (): boolean => run.doubtsHolders || hasUnknown(run) || hasPromotion(run) || hasJoiner(run) || mayHandOver(run);
  if (!isHolderInTheWay(run)) return untilDue(run, () => hasWork() || isHolderInTheWay(run));
  if (!(await condition(() => hasWork() || !isHolderInTheWay(run), patience, { summary: 'look whether the holder of the environments is still there' }))) run.doubtsHolders = true;
}

/** Until there is work, or a contract is due: whatever changes that moves the time. */
async function untilDue(run: PipelineRun, hasWork: () => boolean): Promise<void> {
  const at = contractDueAt(run);
  const isOther = (): boolean => hasWork() || contractDueAt(run) !== at;
  if (at === null) return condition(isOther);
  await condition(isOther, Math.max(1, Date.parse(at) - Date.now()), { summary: 'a contract is due' });
}

const takeOverride = (run: PipelineRun, release: string, record: OverrideRecord): void =>
  changeLedger(run, { ...run.ledger, releases: recordOverride(run.ledger.releases, release, record) });

/** Something is left to contract, which waits until nobody ships. */
const isOpen = ({ places }: MigrationRecord): boolean => Object.values(places).some(({ phase }) => phase === 'expanded' || phase === 'contracting');

/** Somebody holds an environment, and others wait for it or are turned away. */
const isHolderInTheWay = ({ ledger: { running, queue, document, migrations } }: PipelineRun): boolean =>
  running.length > 0 && (queue.length > 0 || document?.policy.overlap === 'reject' || migrations.some(isOpen));

function openPipeline({ name, before }: PipelineInput): PipelineRun {
  const run = newPipelineRun(name, before);
  setHandler(pipelineQuery, () => stateOf(run));
  setHandler(baselineQuery, (question) => baselineIn(run.ledger, question));
  setHandler(applyUpdate, (request) => apply(run, request), { validator: (request: ApplyRequest) => checkApply(run, request) });
  setHandler(startRolloutUpdate, (request) => startRollout(run, request), {
    validator: (request: StartRequest) => checkStart(run, request),
  });
  setHandler(startContractUpdate, (request) => startContract(run, request), { validator: (request: StartContract) => checkContract(run, request) });
  setHandler(contractPlanQuery, (question) => contractPlan(run, question));
  setHandler(drainUpdate, (request) => drain(run, request), { validator: (request: DrainRequest) => checkDrain(run, request) });
  setHandler(revokeUpdate, (request) => revoke(run, request), { validator: (request: RevokeRequest) => checkRevoke(run, request) });
  setHandler(calendarSignal, (calendar) => takeCalendar(run, calendar));
  setHandler(regionChangedSignal, (change) => changeWatched(run, noteChange(run.ledger, change)));
  setHandler(schemaChangedSignal, ({ schema, at, ...place }) =>
    changeLedger(run, { ...run.ledger, migrations: noteSchema(run.ledger.migrations, place, schema, at) }));
  setHandler(watchEndedSignal, (ended) => takeWatchEnd(run, ended));
  setHandler(overriddenSignal, ({ release, record }) => takeOverride(run, release, record));
  setHandler(dueSignal, ({ rollout }) => takeDue(run, rollout));
  setHandler(rolloutEndedSignal, (ended) => takeEnd(run, ended));
  return run;
}
