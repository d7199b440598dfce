import { condition, getExternalWorkflowHandle, setCurrentDetails, upsertMemo, type SignalDefinition } from '@temporalio/workflow';
import { canonical } from '../../src/rollout/canonical.js';
import { rolloutWorkflowId } from '../../src/rollout/ids.js';
import { schemaDebt } from '../../src/rollout/migrations/debt.js';
import { migrationState } from '../../src/rollout/migrations/records.js';
import { locksOf } from '../../src/rollout/pipeline/locks.js';
import { boardOf, holdsFor } from '../../src/rollout/pipeline/pipeline-answers.js';
import { emptyLedger, type PipelineLedger } from '../../src/rollout/pipeline/pipeline-ledger.js';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Answered } from '../answered.js';
import { pipelineDetails } from '../details.js';
import type { PipelineMemo } from '../memo.js';
import type { PipelineState } from '../messages/pipeline.js';
import { holdsSignal } from '../messages/rollout.js';
import { tell } from '../tell.js';

export interface PipelineRun {
  ledger: PipelineLedger;
  answered: Answered[];
  /** Places whose target could not be asked what runs there; not asked again until the next revision. */
  unobservable: string[];
  /** Targets are being asked what runs there. */
  isLooking: boolean;
  /** Somebody waits for a holder who may be no more: look soon. */
  doubtsHolders: boolean;
  /** Signals on their way: a run that ended before them would take them with it. */
  telling: number;
  /** When holders were looked for last (ms). */
  lookedForHoldersAt: number;
  /** What people see is what the ledger says. */
  isShown: boolean;
  /** What lists were told last, so that they are told only what is new: each telling is history. */
  memo: string;
}

export const newPipelineRun = (name: string, before?: { ledger: PipelineLedger; answered: Answered[] }): PipelineRun => ({
  ledger: before?.ledger ?? emptyLedger(name, now()),
  answered: before?.answered ?? [],
  unobservable: [],
  isLooking: false,
  doubtsHolders: false,
  telling: 0,
  lookedForHoldersAt: 0,
  isShown: false,
  memo: '',
});

/** Every change of the ledger goes through here: it will be shown, and what holds rollouts is told to them. */
export function changeLedger(run: PipelineRun, ledger: PipelineLedger): void {
  const before = run.ledger;
  run.ledger = ledger;
  run.isShown = false;
  tellHolds(run, before);
}

/** Shows the ledger in the Temporal UI and to lists, for ever: once for all changes that come together, as each telling is history. */
export async function keepShown(run: PipelineRun): Promise<never> {
  for (;;) {
    await condition(() => !run.isShown);
    show(run);
  }
}

function show(run: PipelineRun): void {
  run.isShown = true;
  const { document } = run.ledger;
  if (document === null) return;
  setCurrentDetails(pipelineDetails(stateOf(run)));
  const memo = memoOf(run.ledger, document);
  const text = JSON.stringify(memo);
  if (text === run.memo) return;
  run.memo = text;
  upsertMemo(memo);
}

const memoOf = (ledger: PipelineLedger, { owner, lifecycle }: PipelineDocument): PipelineMemo => ({
  pipeline: {
    name: ledger.name, owner, revision: ledger.revision, environments: lifecycle.map((phase) => phase.environment), updatedAt: ledger.updatedAt,
  },
  board: boardOf(ledger),
  ...debtShown(ledger),
});

const debtShown = (ledger: PipelineLedger): Pick<PipelineMemo, 'debt'> => {
  const debt = schemaDebt(ledger, now()).map(({ migration, state, oneWay, due, needs }) => ({ migration, state, oneWay, ...(due !== undefined && { due }), needs }));
  return debt.length === 0 ? {} : { debt };
};

/** Tells a rollout, beside the story. The run does not end before it is told: what is on its way then would be lost. */
export function tellRollout<T>(run: PipelineRun, rollout: string, signal: SignalDefinition<[T]>, message: T): void {
  beforeTheEnd(run, tell(getExternalWorkflowHandle(rolloutWorkflowId(rollout)), signal, message));
}

/** Keeps this run of the entity from ending before `work` has. */
export function beforeTheEnd(run: PipelineRun, work: Promise<void>): void {
  run.telling += 1;
  void work.finally(() => {
    run.telling -= 1;
  });
}

/** Those who run are told when a freeze, a block or a drain concerns them or no longer does. Who is let in later is told then. */
function tellHolds(run: PipelineRun, before: PipelineLedger): void {
  const after = run.ledger;
  if (before.freezes === after.freezes && before.blocks === after.blocks && before.drained === after.drained) return;
  for (const { rollout, release } of after.running) {
    const holds = holdsFor(after, release);
    if (canonical(holds) === canonical(holdsFor(before, release))) continue;
    tellRollout(run, rollout, holdsSignal, holds);
  }
}

export function stateOf({ ledger }: PipelineRun): PipelineState {
  const { name, document, revision, createdAt, updatedAt, updatedBy, releases, running, queue, drained, owed, deployMs, freezes, blocks } = ledger;
  return {
    name, document: document!, revision, createdAt, updatedAt, updatedBy, releases, drained, owed, deployMs, freezes, blocks,
    locks: locksOf(running),
    board: boardOf(ledger),
    queue: queue.map(({ rollout }) => rollout),
    migrations: ledger.migrations.map(migrationState),
    debt: schemaDebt(ledger, now()),
  };
}

export const now = (): string => new Date().toISOString();
