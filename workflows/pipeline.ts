import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { goodIn, type PipelineLedger } from '../src/rollout/pipeline-ledger.js';
import {
  applyUpdate, lastKnownGoodQuery, pipelineQuery, regionChangedSignal, rolloutEndedSignal, startRolloutUpdate, type ApplyRequest, type StartRequest,
} from './messages.js';
import { apply, checkApply } from './pipeline/apply.js';
import { adoptUnknown, hasUnknown } from './pipeline/adopt.js';
import { freeTheLost } from './pipeline/lost-rollouts.js';
import { changeLedger, newPipelineRun, stateOf, takeChange, takeEnd, type Answered, type PipelineRun } from './pipeline/run.js';
import { checkStart, startRollout } from './pipeline/start-rollout.js';

export interface PipelineInput {
  name: string;
  /** Handed over when the entity continues as new. */
  before?: { ledger: PipelineLedger; answered: Answered[] };
}

/** While rollouts wait in line, their holder is looked for this often: one that was terminated cannot say that it has ended. */
const patience = '5 minutes';

/**
 * Half of the length at which the server suggests a new run: a replay of more takes an overloaded machine longer than the SDK's limit
 * of 5 s for one step of a script.
 */
const longHistory = 2_000;

const isLong = (): boolean => workflowInfo().continueAsNewSuggested || workflowInfo().historyLength >= longHistory;

/**
 * A pipeline: the entity that holds its document, releases, board, locks and queue. It never ends; it continues as new
 * when its history has grown long, after all handlers have finished, so that no update is lost.
 */
export async function pipeline(input: PipelineInput): Promise<void> {
  const run = openPipeline(input);
  for (;;) {
    const hasWork = (): boolean => isLong() || hasUnknown(run);
    if (run.ledger.queue.length === 0) await condition(() => hasWork() || run.ledger.queue.length > 0);
    else if (!(await condition(hasWork, patience, { summary: 'look whether the holder of the environments is still there' }))) await freeTheLost(run);
    if (hasUnknown(run)) await adoptUnknown(run);
    if (isLong()) await handOver(run);
  }
}

function openPipeline({ name, before }: PipelineInput): PipelineRun {
  const run = newPipelineRun(name, before);
  setHandler(pipelineQuery, () => stateOf(run));
  setHandler(lastKnownGoodQuery, (question) => goodIn(run.ledger, question));
  setHandler(applyUpdate, (request) => apply(run, request), { validator: (request: ApplyRequest) => checkApply(run, request) });
  setHandler(startRolloutUpdate, (request) => startRollout(run, request), { validator: (request: StartRequest) => checkStart(run, request) });
  setHandler(regionChangedSignal, (change) => takeChange(run, change));
  setHandler(rolloutEndedSignal, ({ rollout }) => takeEnd(run, rollout));
  changeLedger(run, run.ledger);
  return run;
}

async function handOver(run: PipelineRun): Promise<never> {
  await condition(allHandlersFinished);
  return continueAsNew<typeof pipeline>({ name: run.ledger.name, before: { ledger: run.ledger, answered: run.answered } });
}
