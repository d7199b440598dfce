import { MeridianFailure } from './failure.js';
import { rolloutId } from './ids.js';
import { waitsBehind, type Waiting } from './locks.js';
import { documentOf, verifiedPlaces, type PipelineLedger } from './pipeline-ledger.js';
import { planRollout } from './plan.js';
import { completeRelease, rememberRelease } from './releases.js';
import type { PipelineDocument } from './schema/pipeline.js';
import type { Plan } from './schema/plan.js';
import type { Release } from './schema/release.js';
import { describeMissing, missingVariables } from './variables.js';

/** Longest line of waiting rollouts: whoever comes later is refused. */
const queueMax = 100;

export interface AdmissionRequest {
  release: Release;
  to?: string;
}

export interface Admission {
  ledger: PipelineLedger;
  rollout: { rollout: string; number: number; document: PipelineDocument; plan: Plan; release: Release; behind: string | null };
}

/**
 * Numbers a rollout, freezes its plan and gives it its place in line. Throws when it must be refused, before anything has changed:
 * unknown or changed release, missing variables, nothing left to do, or environments that are busy.
 */
export function admit(ledger: PipelineLedger, request: AdmissionRequest, now: string): Admission {
  const document = documentOf(ledger);
  const release = completeRelease(request.release, ledger.releases, document);
  const plan = planRollout({
    document, revision: ledger.revision, release: release.version, to: request.to, verified: verifiedPlaces(ledger, release.version), board: ledger.cells,
  });
  refuseEmptyWalk(plan, release);
  refuseMissingVariables(document, plan);
  const environments = plan.phases.map((phase) => phase.environment);
  const behind = waitsBehind(ledger.locks, ledger.queue, environments);
  refuseBusy(ledger, document, environments, behind);
  const waiting: Waiting = { rollout: rolloutId(ledger.name, ledger.next), release: release.version, environments, isReady: false, behind };
  return {
    ledger: {
      ...ledger,
      next: ledger.next + 1,
      releases: rememberRelease(ledger.releases, release, now),
      queue: [...ledger.queue, waiting],
    },
    rollout: { rollout: waiting.rollout, number: ledger.next, document, plan, release, behind },
  };
}

function refuseEmptyWalk(plan: Plan, release: Release): void {
  if (plan.phases.length > 0) return;
  throw new MeridianFailure('NothingToDo', `${release.version} already runs, verified, in every region of ${plan.alreadyVerified.join(' and ')}.`);
}

function refuseMissingVariables(document: PipelineDocument, plan: Plan): void {
  const places = plan.phases.flatMap(({ environment, waves }) =>
    waves.flatMap((wave) => wave.regions.map(({ region }) => ({ environment, region }))));
  const missing = missingVariables(document, places);
  if (missing.length > 0) throw new MeridianFailure('VariableMissing', describeMissing(missing));
}

function refuseBusy({ queue }: PipelineLedger, document: PipelineDocument, environments: string[], behind: string | null): void {
  if (behind !== null && document.policy.overlap === 'reject') {
    throw new MeridianFailure('EnvironmentBusy', `${behind} comes first in ${environments.join(' or ')}, and policy.overlap is reject. Wait for it, or end it.`);
  }
  if (queue.length >= queueMax) {
    throw new MeridianFailure('EnvironmentBusy', `${queue.length} rollouts already wait in line, the last one behind ${queue.at(-1)?.behind}. Abort some first.`);
  }
}
