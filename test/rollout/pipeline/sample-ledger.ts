import { admit, type Admission, type AdmissionRequest } from '../../../src/rollout/pipeline/admission.js';
import type { Change } from '../../../src/rollout/pipeline/board.js';
import { noteChange } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { applyDocument, emptyLedger, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { endRollout, grantNext, markReady } from '../../../src/rollout/pipeline/pipeline-line.js';
import type { ShipOptions } from '../../../src/rollout/schema/ship.js';
import { shop } from '../sample-document.js';

export const now = '2026-11-21T10:00:00.000Z';
export const later = '2026-11-21T11:00:00.000Z';
/** One region in each of two environments. */
export const sydneyOnly = { lifecycle: [{ environment: 'staging', waves: [['sydney']] }, { environment: 'production', waves: [['sydney']] }] };

/** Somebody without a role ships a version. */
export const request = (version: string, options: Partial<ShipOptions> = {}, who: Partial<AdmissionRequest> = {}): AdmissionRequest =>
  ({ release: { version }, options: { lane: 'normal', rehearse: false, ...options }, by: 'ana', roles: [], ...who });

export const ledgerOf = (changes: Record<string, unknown> = {}): PipelineLedger => applyDocument(emptyLedger('shop', now), shop(changes), 'ana', now);
export const ship = (ledger: PipelineLedger, version: string, options: Partial<ShipOptions> = {}, who: Partial<AdmissionRequest> = {}): Admission =>
  admit(ledger, request(version, options, who), now);

/** Admits a rollout whose workflow runs, and lets in who can be let in. */
export function start(ledger: PipelineLedger, version: string, options: Partial<ShipOptions> = {}, who: Partial<AdmissionRequest> = {}): PipelineLedger {
  const { ledger: after, rollout } = ship(ledger, version, options, who);
  return grantNext(markReady(after, rollout.rollout)).ledger;
}

/** `version` has passed its soak there. */
export const verified = (environment: string, version: string, region = 'sydney'): Change =>
  ({ environment, region, rollout: 'shop-1', status: 'live', release: { version }, verified: true, at: later });

/** A whole rollout of `version` that has succeeded everywhere that it walks. */
export function shipped(ledger: PipelineLedger, version: string, options: Partial<ShipOptions> = {}): PipelineLedger {
  const { ledger: after, rollout } = ship(ledger, version, options);
  const places = rollout.plan.phases.flatMap(({ environment, waves }) => waves.flatMap(({ regions }) => regions.map((place) => ({ environment, ...place }))));
  const done = places.reduce((before, { environment, region, tenant }) =>
    noteChange(before, { ...verified(environment, version, region), ...(tenant !== undefined && { tenant }) }), after);
  return grantNext(endRollout(done, rollout.rollout)).ledger;
}
