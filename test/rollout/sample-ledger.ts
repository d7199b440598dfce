import { admit, type Admission } from '../../src/rollout/admission.js';
import type { Change } from '../../src/rollout/board.js';
import { applyDocument, emptyLedger, grantNext, markReady, type PipelineLedger } from '../../src/rollout/pipeline-ledger.js';
import { shop } from './sample-document.js';

export const now = '2026-11-21T10:00:00.000Z';
export const later = '2026-11-21T11:00:00.000Z';
/** One region in each of two environments. */
export const sydneyOnly = { lifecycle: [{ environment: 'staging', waves: [['sydney']] }, { environment: 'production', waves: [['sydney']] }] };

export const ledgerOf = (changes: Record<string, unknown> = {}): PipelineLedger => applyDocument(emptyLedger('shop', now), shop(changes), 'ana', now);
export const ship = (ledger: PipelineLedger, version: string, to?: string): Admission => admit(ledger, { release: { version }, ...(to !== undefined && { to }) }, now);

/** Admits a rollout whose workflow runs, and lets in who can be let in. */
export function start(ledger: PipelineLedger, version: string, to?: string): PipelineLedger {
  const { ledger: after, rollout } = ship(ledger, version, to);
  return grantNext(markReady(after, rollout.rollout)).ledger;
}

/** `version` has passed its soak there. */
export const verified = (environment: string, version: string): Change =>
  ({ environment, region: 'sydney', rollout: 'shop-1', status: 'live', release: { version }, verified: true, at: later });
