import { drainRegion, revokeRelease } from '../../src/rollout/pipeline/pipeline-changes.js';
import { answeredBefore, remember } from '../answered.js';
import { asUpdateAnswer } from '../failures.js';
import type { Drained, DrainRequest, Revoked, RevokeRequest } from '../messages/pipeline.js';
import { changeWatched } from './provisional.js';
import { now, type PipelineRun } from './run.js';

// Changes that people make to what the pipeline knows: each is checked by the very rule that makes it.

export function checkDrain(run: PipelineRun, request: DrainRequest): void {
  if (answeredBefore(run) === undefined) asUpdateAnswer(() => drainRegion(run.ledger, request));
}

/** Rollouts leave the region out, or take it in again; those that run are told. */
export function drain(run: PipelineRun, request: DrainRequest): Drained {
  const before = answeredBefore<Drained>(run);
  if (before) return before;
  const { region, reason, by } = request;
  changeWatched(run, drainRegion(run.ledger, { region, reason: reason === null ? null : `${by}: ${reason}` }));
  return remember(run, { drained: run.ledger.drained, ...fingerprintOf(request) });
}

export function checkRevoke(run: PipelineRun, request: RevokeRequest): void {
  if (answeredBefore(run) === undefined) asUpdateAnswer(() => revokeRelease(run.ledger, request, now()));
}

/** Takes back what a release has passed: it does not go on from there, and no undo puts it back there. */
export function revoke(run: PipelineRun, request: RevokeRequest): Revoked {
  const before = answeredBefore<Revoked>(run);
  if (before) return before;
  const { ledger, places } = revokeRelease(run.ledger, request, now());
  changeWatched(run, ledger);
  return remember(run, { places, ...fingerprintOf(request) });
}

const fingerprintOf = ({ fingerprint }: { fingerprint?: string }) => (fingerprint === undefined ? {} : { fingerprint });
