import type { DecisionKind } from './schema/decision.js';
import type { RolloutStatus } from './statuses.js';

/** Everything that can happen to a rollout: what people decide, and what the walk meets. */
export type RolloutEvent =
  | DecisionKind
  | 'due' // its start time has come
  | 'admit' // the pipeline gives it its environments
  | 'supersede' // a newer release takes its place
  | 'preflight-failed' // nothing was touched
  | 'gate-closed' // it waits at a gate
  | 'gates-open' // the last gate it waited at is open
  | 'gate-expired' // nobody answered in time
  | 'region-failed' // a region went back, or cannot go on
  | 'undo-stuck' // an undo does not work
  | 'unstuck' // nobody is asked any more: the workflow of the stuck region was closed by hand
  | 'undone' // every region of a rollback is back
  | 'stopped' // every region of an abort is whole again
  | 'finished'; // the walk is at its end

/** What the rollout does when it takes a move. The workflow has one function for each. */
export type RolloutEffect = 'pause-regions' | 'resume-regions' | 'stop-walk' | 'note-approval' | 'note-rejection' | 'retry-undo' | 'skip-undo';

export interface RolloutMove {
  to: RolloutStatus;
  effects: RolloutEffect[];
}

const move = (to: RolloutStatus, ...effects: RolloutEffect[]): RolloutMove => ({ to, effects });

const endings = { rollback: move('rolling-back', 'stop-walk'), abort: move('rolling-back', 'stop-walk') };

/** The way of a rollout: status × event → status and effects. What is not in the table is refused. */
export const rolloutTable: Record<RolloutStatus, Partial<Record<RolloutEvent, RolloutMove>>> = {
  scheduled: { due: move('queued'), abort: move('aborted') },
  queued: { admit: move('running'), abort: move('aborted'), supersede: move('superseded') },
  running: {
    ...endings,
    pause: move('paused', 'pause-regions'),
    'preflight-failed': move('failed'),
    'gate-closed': move('waiting'),
    'gates-open': move('running'),
    'region-failed': move('held'),
    'undo-stuck': move('stuck'),
    finished: move('succeeded'),
  },
  waiting: {
    ...endings,
    approve: move('waiting', 'note-approval'),
    reject: move('rolling-back', 'note-rejection', 'stop-walk'),
    pause: move('paused', 'pause-regions'),
    'gate-closed': move('waiting'),
    'gates-open': move('running'),
    'gate-expired': move('held'),
    'region-failed': move('held'),
    'undo-stuck': move('stuck'),
  },
  paused: {
    ...endings,
    resume: move('running', 'resume-regions'),
    'preflight-failed': move('failed'), // nothing was touched: there is nothing to resume
    approve: move('paused', 'note-approval'),
    reject: move('rolling-back', 'note-rejection', 'stop-walk'),
    'gate-closed': move('paused'),
    'gates-open': move('paused'),
    'gate-expired': move('held'),
    'region-failed': move('held'),
    'undo-stuck': move('stuck'),
  },
  held: {
    ...endings,
    resume: move('running', 'resume-regions'),
    approve: move('held', 'note-approval'),
    reject: move('rolling-back', 'note-rejection', 'stop-walk'),
    'gate-closed': move('held'),
    'gates-open': move('held'),
    'gate-expired': move('held'),
    'region-failed': move('held'),
    'undo-stuck': move('stuck'),
  },
  'rolling-back': {
    ...endings, // while a single region goes back; refused once the whole rollout does
    'region-failed': move('held'), // the undo of one region, once stuck, has worked; a person decides on the rest
    'undo-stuck': move('stuck'),
    undone: move('rolled-back'),
    stopped: move('aborted'),
  },
  stuck: {
    retry: move('rolling-back', 'retry-undo'),
    skip: move('rolling-back', 'skip-undo'),
    // The stuck region still needs its answer; every other one goes back at once.
    rollback: move('stuck', 'stop-walk'),
    abort: move('stuck', 'stop-walk'),
    'region-failed': move('stuck'),
    'undo-stuck': move('stuck'),
    unstuck: move('rolling-back'),
  },
  succeeded: {},
  'rolled-back': {},
  aborted: {},
  failed: {},
  superseded: {},
};

/** The move that `event` makes from `status`, or undefined when it makes no sense there. */
export const moveRollout = (status: RolloutStatus, event: RolloutEvent): RolloutMove | undefined => rolloutTable[status][event];

/** The decisions that a person can take in `status`, as far as there is a gate, a walk or a stuck region that they concern. */
export const decisionsIn = (status: RolloutStatus): DecisionKind[] =>
  (['approve', 'reject', 'pause', 'resume', 'retry', 'skip', 'rollback', 'abort'] as const).filter((kind) => rolloutTable[status][kind]);
