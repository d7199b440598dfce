import { currentUpdateInfo, getExternalWorkflowHandle, setCurrentDetails, upsertMemo } from '@temporalio/workflow';
import { rolloutWorkflowId } from '../../src/rollout/ids.js';
import { boardOf, emptyLedger, endRollout, grantNext, noteChange, type PipelineLedger } from '../../src/rollout/pipeline-ledger.js';
import { pipelineDetails } from '../details.js';
import type { PipelineMemo } from '../memo.js';
import { admitSignal, lineSignal, type PipelineState, type RegionChanged } from '../messages.js';
import { tell } from '../tell.js';

/** An update that was answered, kept over continue-as-new: Temporal itself remembers update ids only within one run. */
export interface Answered {
  updateId: string;
  answer: unknown;
}

const answeredKept = 500;

export interface PipelineRun {
  ledger: PipelineLedger;
  answered: Answered[];
  /** Places whose target could not be asked what runs there; not asked again until the next revision. */
  unobservable: string[];
}

export const newPipelineRun = (name: string, before?: { ledger: PipelineLedger; answered: Answered[] }): PipelineRun => ({
  ledger: before?.ledger ?? emptyLedger(name, now()),
  answered: before?.answered ?? [],
  unobservable: [],
});

/** Every change of the ledger goes through here: it is shown in the Temporal UI and to lists. */
export function changeLedger(run: PipelineRun, ledger: PipelineLedger): void {
  const hasChanged = ledger !== run.ledger;
  run.ledger = ledger;
  if (ledger.document === null) return;
  setCurrentDetails(pipelineDetails(stateOf(run)));
  if (hasChanged) upsertMemo(memoOf(ledger, ledger.document));
}

const memoOf = (ledger: PipelineLedger, document: PipelineState['document']): PipelineMemo => ({
  pipeline: {
    name: ledger.name,
    owner: document.owner,
    revision: ledger.revision,
    environments: document.lifecycle.map((phase) => phase.environment),
    updatedAt: ledger.updatedAt,
  },
  board: boardOf(ledger),
});

export function stateOf({ ledger }: PipelineRun): PipelineState {
  const { name, document, revision, createdAt, updatedAt, updatedBy, releases, locks, queue } = ledger;
  return {
    name, document: document!, revision, createdAt, updatedAt, updatedBy, releases, locks,
    board: boardOf(ledger),
    queue: queue.map(({ rollout }) => rollout),
  };
}

export const takeChange = (run: PipelineRun, change: RegionChanged): void => changeLedger(run, noteChange(run.ledger, change));

export function takeEnd(run: PipelineRun, rollout: string): void {
  changeLedger(run, endRollout(run.ledger, rollout));
  admitNext(run);
}

/** Lets in those whose environments have become free, and tells the others whom they wait for now. */
export function admitNext(run: PipelineRun): void {
  const { ledger, admitted, moved } = grantNext(run.ledger);
  changeLedger(run, ledger);
  for (const { rollout, behind } of moved) void tell(getExternalWorkflowHandle(rolloutWorkflowId(rollout)), lineSignal, { behind });
  for (const each of admitted) void tell(getExternalWorkflowHandle(rolloutWorkflowId(each.rollout)), admitSignal, each);
}

/** The answer that this very update was given in an earlier run of the entity, if it was. */
export function answeredBefore<T>(run: PipelineRun): T | undefined {
  const id = currentUpdateInfo()?.id;
  return run.answered.find(({ updateId }) => updateId === id)?.answer as T | undefined;
}

export function remember<T>(run: PipelineRun, answer: T): T {
  const updateId = currentUpdateInfo()?.id;
  if (updateId !== undefined) run.answered = [...run.answered, { updateId, answer }].slice(-answeredKept);
  return answer;
}

export const now = (): string => new Date().toISOString();
