import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';

// Every time-out and retry of Meridian, with its reason. Deadlines that a pipeline sets itself are handed over at the call.

/** Missed for this long, a worker is dead and another one takes the step. Activities beat every 3 s. */
const heartbeatTimeout = '10 seconds';

/** A region that cannot be reached is asked again soon, then less often; the step's own deadline ends it. */
const stepRetry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;

/** Steps of a region. WAIT: a step is never left behind half-done, its end is awaited before the undo begins. */
export const steps = proxyActivities<Pick<Activities, 'currentRelease' | 'deployRegion' | 'verifyRegion' | 'recheckRegion' | 'baseline'>>({
  startToCloseTimeout: '15 minutes', // one attempt; longer work answers `running` and is asked again
  scheduleToCloseTimeout: '15 minutes', // replaced at each call by the target's own deadline
  heartbeatTimeout,
  retry: stepRetry,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * Phases of migrations. One attempt may fill back for hours, beating all the while; a lock that is not free is asked for again soon, because a
 * long transaction ends when it likes. The deadline is the database's own.
 */
export const schemaSteps = proxyActivities<Pick<Activities, 'expandRegion' | 'contractRegion' | 'regionSchema'>>({
  startToCloseTimeout: '30 days',
  scheduleToCloseTimeout: '15 minutes', // for the question; replaced for the phases
  heartbeatTimeout,
  retry: { ...stepRetry, maximumInterval: '15 seconds' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Undo goes before everything else in the task queue, and is tried until `undoTimeout` of the policy. */
export const undos = proxyActivities<Pick<Activities, 'undoRegion' | 'currentRelease' | 'baseline'>>({
  startToCloseTimeout: '15 minutes',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout,
  retry: { ...stepRetry, maximumInterval: '10 seconds' }, // somebody is waiting for this one
  priority: { priorityKey: 1 },
});

/** The same for schemas: an index that comes back may take hours, in one attempt. The deadline is handed over at the call. */
export const schemaUndos = proxyActivities<Pick<Activities, 'undoSchema'>>({
  startToCloseTimeout: '30 days',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout,
  retry: { ...stepRetry, maximumInterval: '10 seconds' },
  priority: { priorityKey: 1 },
});

/** The watch of a gate: one attempt is one look. It ends by an answer or by being cancelled; a year is a safety net, not the clock. */
export const watches = proxyActivities<Pick<Activities, 'watchGate'>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '365 days',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

/** The watch of a soak, in the same manner. Its first look reads a day of the past, in its turn, and beats meanwhile. */
export const soakWatches = proxyActivities<Pick<Activities, 'watchSoak'>>({
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '30 seconds', // a worker that reads much may be late with its beat
  scheduleToCloseTimeout: '365 days',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

/** What the judge of a soak says at its end. Without an answer a soak goes no further, and a region that may be good waits: longer than any outage. */
export const conclusions = proxyActivities<Pick<Activities, 'concludeSoak'>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** Short questions that only read. */
export const questions = proxyActivities<Pick<Activities, 'lookAtGate' | 'openRollouts' | 'openPipelines' | 'observeRegion'>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** Preflight looks at every region once; it beats while it works. */
export const preflights = proxyActivities<Pick<Activities, 'preflight'>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds', maximumAttempts: 5 },
});

/** Telling people never holds a rollout up. */
export const notices = proxyActivities<Pick<Activities, 'notify'>>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '10 minutes',
});

/** A pipeline asks to be told of freezes and blocks; it must not go without, however long the way there is closed. */
export const subscriptions = proxyActivities<Pick<Activities, 'subscribeToCalendar'>>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** What a schedule starts is worth waiting for, until a person would rather start it by hand. */
export const schedules = proxyActivities<Pick<Activities, 'startScheduled'>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});
