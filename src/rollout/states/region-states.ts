import type { RegionStatus } from './statuses.js';

/** Everything that can happen to a region of a rollout. */
export type RegionEvent =
  | 'gate-closed'
  | 'gates-open'
  | 'expand' // its database gets the new shape, beside the old one
  | 'expanded' // it has both
  | 'contract' // its database loses the old shape
  | 'deploy'
  | 'verify'
  | 'soak'
  | 'soaked' // the whole soak passed
  | 'let-through' // nothing was proven at its end, and a person has let it through
  | 'hold' // the evidence is missing, or a person must look at it
  | 'drift' // somebody else has changed the region: nothing is changed before a person has looked
  | 'accept' // what was found there is what was before
  | 'rehearse' // the undo is tried before the wave goes on
  | 'rehearsed' // the undo works; from the beginning once more, for good
  | 'supersede' // a newer release takes over: the soak ends here, without credit
  | 'leave' // stopped before anything was changed here
  | 'fail' // could not begin, and nothing was changed here; or a later look has found it bad
  | 'undo'
  | 'undone'
  | 'undo-stuck'
  | 'retry'
  | 'skip'; // a person takes over what the undo could not do

const untouched = { leave: 'skipped', fail: 'failed' } as const;
const changing = { undo: 'rolling-back' } as const;

/** The way of a region: status × event → status. Statuses without moves belong to steps that no region takes yet, or are final. */
export const regionTable: Record<RegionStatus, Partial<Record<RegionEvent, RegionStatus>>> = {
  // After a rehearsal there is something to undo in these two as well.
  pending: { ...changing, ...untouched, 'gate-closed': 'gated', drift: 'held', expand: 'expanding', deploy: 'deploying', contract: 'contracting' },
  gated: { ...changing, ...untouched, 'gates-open': 'pending', 'gate-closed': 'gated' },
  deploying: { ...changing, verify: 'verifying' },
  // A contract that has no way back is not undone when it fails, or when what it has left does not do well.
  contracting: { ...changing, fail: 'failed', verify: 'verifying' },
  verifying: { ...changing, fail: 'failed', rehearse: 'rolling-back', soak: 'soaking' },
  soaking: { ...changing, fail: 'failed', soaked: 'live', hold: 'held', supersede: 'superseded' },
  // Held by its soak, or, before anything was changed, by what was found there.
  held: { ...changing, ...untouched, soak: 'soaking', 'let-through': 'live', accept: 'pending', supersede: 'superseded' },
  live: { ...changing, fail: 'failed' },
  'rolling-back': { undone: 'rolled-back', rehearsed: 'pending', 'undo-stuck': 'stuck' },
  stuck: { retry: 'rolling-back', skip: 'failed' },
  expanding: { ...changing, expanded: 'pending' },
  draining: {},
  shifting: {},
  'rolled-back': {},
  failed: {},
  skipped: {},
  superseded: {},
};

/** The status after `event`; throws on a move that the table does not have, which is a bug of ours and never of a user. */
export function moveRegion(status: RegionStatus, event: RegionEvent): RegionStatus {
  const next = regionTable[status][event];
  if (next === undefined) throw new RangeError(`no move from ${status} by ${event}`);
  return next;
}
