import { refusalOfDue } from '../../src/rollout/pipeline/admission.js';
import { holdsFor } from '../../src/rollout/pipeline/pipeline-answers.js';
import { noteOwed } from '../../src/rollout/pipeline/pipeline-changes.js';
import { verifiedPlaces, type PipelineLedger } from '../../src/rollout/pipeline/pipeline-ledger.js';
import { endRollout, grantNext, queueDue } from '../../src/rollout/pipeline/pipeline-line.js';
import type { RolloutEnded } from '../messages/pipeline.js';
import { admitSignal, lineSignal, refuseSignal, supersedeSignal, type Admission } from '../messages/rollout.js';
import { takeWatched } from './provisional.js';
import { refusalOfContract, releasesInPlace } from '../../src/rollout/pipeline/admit-contract.js';
import type { Walk } from '../../src/rollout/pipeline/locks.js';
import { schemaOfWalk } from '../../src/rollout/pipeline/schema-admission.js';
import { changeLedger, now, tellRollout, type PipelineRun } from './run.js';

/** A rollout has ended: its environments are free, and what it leaves to others is noted. */
export function takeEnd(run: PipelineRun, { rollout, status, promote, owed, watched }: RolloutEnded): void {
  const after = noteOwed(endRollout(run.ledger, rollout), owed);
  changeLedger(run, promote !== undefined && status === 'succeeded' ? { ...after, promotions: [...after.promotions, { ...promote, from: rollout }] } : after);
  takeWatched(run, { rollout, watched });
  admitNext(run);
}

/** The time of a scheduled rollout has come. */
export function takeDue(run: PipelineRun, rollout: string): void {
  const refusal = refusalOfDue(run.ledger, rollout);
  if (refusal !== undefined) {
    changeLedger(run, endRollout(run.ledger, rollout));
    return tellRollout(run, rollout, refuseSignal, { code: refusal.code, message: refusal.message });
  }
  changeLedger(run, queueDue(run.ledger, rollout));
  admitNext(run);
}

/** Lets in those whose environments have become free, and tells the others whom they wait for, or make way for, now. */
export function admitNext(run: PipelineRun): void {
  const { ledger, admitted, moved, superseded } = grantNext(run.ledger);
  changeLedger(run, ledger);
  for (const { rollout, by } of superseded) tellRollout(run, rollout, supersedeSignal, { by });
  for (const { rollout, behind } of moved) tellRollout(run, rollout, lineSignal, { behind });
  for (const walk of admitted) tellRollout(run, walk.rollout, admitSignal, admissionOf(ledger, walk));
}

/** What has become of the world while the rollout waited. */
function admissionOf(ledger: PipelineLedger, walk: Walk): Admission {
  const { rollout, release, contract } = walk;
  const { migrations, places } = schemaOfWalk(ledger, walk);
  return {
    rollout,
    verified: verifiedPlaces(ledger, release),
    board: ledger.cells.map(({ environment, region, tenant, release: version, status, changedAt }) => ({
      environment, region, ...(tenant !== undefined && { tenant }), release: version, status, ...(changedAt !== undefined && { changedAt }),
    })),
    holds: holdsFor(ledger, release),
    migrations,
    schema: { places, releases: contract === undefined ? {} : releasesInPlace(ledger) },
    refusal: contract === undefined ? null : refusalOfContract(ledger, contract, now()),
  };
}
