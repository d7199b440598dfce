import { log } from '@temporalio/workflow';
import { admitContract, planContract } from '../../src/rollout/pipeline/admit-contract.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { dueContracts, nextDueAt } from '../../src/rollout/migrations/contracts.js';
import { answeredBefore, remember } from '../answered.js';
import { asUpdateAnswer } from '../failures.js';
import type { Admitted, ContractAnswer, ContractQuestion, StartContract } from '../messages/pipeline.js';
import { meridian } from './by-itself.js';
import { changeLedger, now, type PipelineRun } from './run.js';
import { beginAs } from './start-rollout.js';

// The old shape of migrations goes away in a rollout of its own: when a person asks for it, or by itself when its time has come.

export function checkContract(run: PipelineRun, request: StartContract): void {
  if (answeredBefore(run) === undefined) asUpdateAnswer(() => admitContract(run.ledger, request, now()));
}

export async function startContract(run: PipelineRun, request: StartContract): Promise<Admitted> {
  const before = answeredBefore<Admitted>(run);
  if (before) return before;
  const { rollout, number, plan } = await beginAs(run, request, () => admitContract(run.ledger, request, now()));
  const { fingerprint } = request;
  return remember(run, { rollout, number, plan: plan.hash, ...(fingerprint !== undefined && { fingerprint }) });
}

export function contractPlan(run: PipelineRun, question: ContractQuestion): ContractAnswer {
  try {
    return { plan: planContract(run.ledger, question, now()) };
  } catch (error) {
    if (error instanceof MeridianFailure) return { refusal: { code: error.code, message: error.message } };
    throw error;
  }
}

/** When a contract is due that the pipeline starts by itself (ISO 8601); null while none is going to be. */
export const contractDueAt = ({ ledger }: PipelineRun): string | null => nextDueAt(ledger, now());

export function isContractDue(run: PipelineRun): boolean {
  const at = contractDueAt(run);
  return at !== null && Date.parse(at) <= Date.now();
}

/** Contracts what is due, in Meridian's own name. Whatever comes of it, the same is not tried again by itself before the fleet has changed. */
export async function startDueContract(run: PipelineRun): Promise<void> {
  const migrations = dueContracts(run.ledger, now());
  if (migrations.length === 0) return;
  const reason = `every region has done without the old shape of ${migrations.join(' and ')} for long enough`;
  changeLedger(run, { ...run.ledger, contractsTried: { ...run.ledger.contractsTried, ...Object.fromEntries(migrations.map((name) => [name, now()])) } });
  const request = { ...meridian, migrations, options: { lane: 'normal' as const, rehearse: false, reason } };
  await beginAs(run, request, () => admitContract(run.ledger, request, now())).catch((error: unknown) => {
    log.warn('a contract that was due was refused', { migrations, error: String(error) });
  });
}
