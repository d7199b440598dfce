import type { DecisionKind } from '../schema/decision.js';
import type { RolloutStatus } from './statuses.js';

/** Everything that can happen to a rollout: what people decide, and what the walk meets. */
export type RolloutEvent =
  | DecisionKind
  | 'due' // its start time has come
  | 'admit' // the pipeline gives it its environments
  | 'supersede' // a newer release takes its place; sent to one that has begun when none of its regions is at work any more
  | 'preflight-failed' // it cannot begin: nothing was touched
  | 'gate-closed' // it waits at a gate
  | 'gates-open' // the last gate it waited at is open
  | 'gate-expired' // it has not opened in time, or it cannot be asked
  | 'region-failed' // a region went back, or cannot go on
  | 'region-recovered' // the region that held it goes on by itself, and no other one needs an answer
  | 'soak-answered' // a person has let a region through whose soak has proven nothing, or refused it
  | 'undo-stuck' // an undo does not work
  | 'rehearsed' // the undo that was stuck was only rehearsed, and works: the walk goes on
  | 'unstuck' // nobody is asked any more: the workflow of the stuck region was closed by hand
  | 'undone' // every region of a rollback is back
  | 'stopped' // every region of an abort is whole again
  | 'finished'; // the walk is at its end

/** What the rollout does when it takes a move. The workflow has one function for each. */
export type RolloutEffect =
  | 'start-now' // asks for its place in line before its time
  | 'pause-regions'
  | 'resume-regions'
  | 'stop-walk'
  | 'note-approval'
  | 'note-rejection'
  | 'note-promotion'
  | 'answer-soak'
  | 'override-gate'
  | 'skip-drained'
  | 'retry-undo'
  | 'skip-undo';

export interface RolloutMove {
  to: RolloutStatus;
  effects: RolloutEffect[];
}

const move = (to: RolloutStatus, ...effects: RolloutEffect[]): RolloutMove => ({ to, effects });

const endings = { rollback: move('rolling-back', 'stop-walk'), abort: move('rolling-back', 'stop-walk') };

/** Nobody takes over from a rollout that a person has paused, or that is on its way back. */
const superseded = { supersede: move('superseded') };

const promotedIn = (status: RolloutStatus) => ({ promote: move(status, 'note-promotion') });

/** Answers to what it waits for. The status changes when it waits for nothing any more, not by the answer. */
const answersIn = (status: RolloutStatus) => ({
  approve: move(status, 'note-approval'),
  reject: move('rolling-back', 'note-rejection', 'stop-walk'),
  override: move(status, 'override-gate'),
  skip: move(status, 'skip-drained'),
});

/** What the walk may meet wherever it stands. It fails only before anything was touched. */
const met = {
  'preflight-failed': move('failed'),
  'gate-expired': move('held'),
  'region-failed': move('held'),
  'undo-stuck': move('stuck'),
};

/** The way of a rollout: status × event → status and effects. What is not in the table is refused. */
export const rolloutTable: Record<RolloutStatus, Partial<Record<RolloutEvent, RolloutMove>>> = {
  scheduled: { ...superseded, due: move('queued'), resume: move('queued', 'start-now'), abort: move('aborted') },
  queued: { ...superseded, admit: move('running'), 'preflight-failed': move('failed'), abort: move('aborted') },
  running: {
    ...endings,
    ...superseded,
    ...promotedIn('running'),
    ...met,
    pause: move('paused', 'pause-regions'),
    'gate-closed': move('waiting'),
    'gates-open': move('running'),
    finished: move('succeeded'),
  },
  waiting: {
    ...endings,
    ...superseded,
    ...promotedIn('waiting'),
    ...answersIn('waiting'),
    ...met,
    pause: move('paused', 'pause-regions'),
    'gate-closed': move('waiting'),
    'gates-open': move('running'),
  },
  paused: {
    ...endings,
    ...promotedIn('paused'),
    ...answersIn('paused'),
    ...met,
    resume: move('running', 'resume-regions'),
    'gate-closed': move('paused'),
    'gates-open': move('paused'),
  },
  held: {
    ...endings,
    ...superseded,
    ...promotedIn('held'),
    ...answersIn('held'),
    ...met,
    resume: move('running', 'resume-regions'),
    'region-recovered': move('running'),
    'soak-answered': move('held', 'answer-soak'),
    'gate-closed': move('held'),
    'gates-open': move('held'),
  },
  'rolling-back': {
    ...endings, // while a single region goes back; refused once the whole rollout does
    'region-failed': move('held'), // the undo of one region, once stuck, has worked; a person decides on the rest
    'undo-stuck': move('stuck'),
    rehearsed: move('running'),
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

/** The decisions that a person can take in `status`, as far as there is a gate, a walk or a region that they concern. */
export const decisionsIn = (status: RolloutStatus): DecisionKind[] => inOrderOfUse.filter((kind) => rolloutTable[status][kind]);

const inOrderOfUse = ['approve', 'reject', 'override', 'pause', 'resume', 'retry', 'skip', 'promote', 'rollback', 'abort'] as const;
