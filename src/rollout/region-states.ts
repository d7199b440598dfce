import type { RegionStatus } from './statuses.js';

/** Everything that can happen to a region of a rollout. */
export type RegionEvent =
  | 'gate-closed'
  | 'gates-open'
  | 'deploy'
  | 'verify'
  | 'soak'
  | 'soaked' // the whole soak passed
  | 'hold' // the evidence is missing, or a person must look at it
  | 'leave' // stopped before anything was changed here
  | 'fail' // could not begin, nothing was changed here
  | 'undo'
  | 'undone'
  | 'undo-stuck'
  | 'retry'
  | 'skip'; // a person takes over what the undo could not do

const changing = { undo: 'rolling-back' } as const;

/** The way of a region: status × event → status. Statuses without moves belong to steps that no region takes yet, or are final. */
export const regionTable: Record<RegionStatus, Partial<Record<RegionEvent, RegionStatus>>> = {
  pending: { 'gate-closed': 'gated', deploy: 'deploying', leave: 'skipped', fail: 'failed' },
  gated: { 'gates-open': 'pending', 'gate-closed': 'gated', leave: 'skipped', fail: 'failed' },
  deploying: { ...changing, verify: 'verifying' },
  verifying: { ...changing, soak: 'soaking' },
  soaking: { ...changing, soaked: 'live', hold: 'held' },
  held: { ...changing, soak: 'soaking' },
  live: { ...changing },
  'rolling-back': { undone: 'rolled-back', 'undo-stuck': 'stuck' },
  stuck: { retry: 'rolling-back', skip: 'failed' },
  expanding: {},
  draining: {},
  shifting: {},
  contracting: {},
  'rolled-back': {},
  failed: {},
  skipped: {},
};

/** The status after `event`; throws on a move that the table does not have, which is a bug of ours and never of a user. */
export function moveRegion(status: RegionStatus, event: RegionEvent): RegionStatus {
  const next = regionTable[status][event];
  if (next === undefined) throw new RangeError(`no move from ${status} by ${event}`);
  return next;
}
