import { ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleDescription, type ScheduleHandle } from '@temporalio/client';
import { MeridianFailure } from '../../rollout/failure.js';
import { scheduleId } from '../../rollout/ids.js';
import type { Schedule, ScheduleRequest } from '../../rollout/schema/schedule.js';
import type { ScheduledWork } from '../../../activities/work.js';
import { searchAttributes } from '../../../workflows/search-attributes.js';
import { cursorOf, pageTokenOf } from './cursor.js';
import type { Reach } from './reach.js';
import { recentOutcomes } from './recent-outcomes.js';
import { someAtOnce } from './some-at-once.js';
import type { Page, Paging, ScheduleCalls } from './workflows.js';

/** The input of the workflow that a schedule starts: with what was asked for, so that the schedule can be read back as it was written. */
type Action = ScheduledWork & ScheduleRequest;

/** Times ahead that are shown. */
const timesShown = 5;

/** Temporal Schedules: no workflow of ours is asked, so all of it works while no worker is up. */
export function scheduleCalls(reach: Reach): ScheduleCalls {
  const { schedule: schedules } = reach.client;

  const find = async <T>(name: string, ask: (handle: ScheduleHandle) => Promise<T>): Promise<T> => {
    try {
      return await reach.store(() => ask(schedules.getHandle(scheduleId(name))));
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) throw new MeridianFailure('ScheduleNotFound', `There is no schedule ${name}.`, { cause: error });
      throw error;
    }
  };

  const read = async (name: string): Promise<Schedule> => asSchedule(reach, await find(name, (handle) => handle.describe()));

  return {
    async setSchedule(name, request, by) {
      const options = optionsOf({ schedule: name, by, ...request }, reach.taskQueue);
      const created = await asInvalidRequest(() => make(reach, name, options));
      if (!created) await asInvalidRequest(() => find(name, (handle) => handle.update(() => options)));
      return { schedule: await read(name), created };
    },

    schedule: read,

    async schedules(paging) {
      const { items, next } = await listNames(reach, paging);
      const found = await someAtOnce(items, (name) => read(name).catch(unlessRemoved));
      return { items: found.flatMap((schedule) => schedule ?? []), ...(next !== undefined && { next }) };
    },

    removeSchedule: (name) => find(name, (handle) => handle.delete()),
  };
}

const optionsOf = (action: Action, taskQueue: string) => ({
  spec: { cronExpressions: [action.cron], timezone: action.timezone },
  action: {
    type: 'startWorkflow' as const,
    workflowType: 'scheduledRollout',
    // Temporal adds the time to it.
    workflowId: scheduleId(action.schedule),
    taskQueue,
    args: [action],
    staticSummary: `${action.schedule}: ships ${action.pipeline}, because ${action.reason}`.slice(0, summaryMax),
    typedSearchAttributes: [{ key: searchAttributes.pipeline, value: action.pipeline }],
  },
  // What was missed is not made up for: a deploy of the night must not begin in the morning.
  policies: { overlap: 'SKIP' as const, catchupWindow: '10 minutes' },
  state: { paused: action.paused },
});

/** Temporal takes 400 bytes. */
const summaryMax = 100;

/** False when there is one of this name already. */
async function make(reach: Reach, name: string, options: ReturnType<typeof optionsOf>): Promise<boolean> {
  try {
    await reach.store(() => reach.client.schedule.create({ scheduleId: scheduleId(name), ...options }));
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

/** The schema knows most of what can be wrong with a cron text; Temporal has the last word, which its client gives as a TypeError. */
async function asInvalidRequest<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new MeridianFailure('InvalidRequest', `Temporal does not take this cron: ${error.message}.`, { cause: error });
  }
}

async function asSchedule(reach: Reach, { action, state, info }: ScheduleDescription): Promise<Schedule> {
  const [asked] = action.args as [Action];
  const { schedule: name, pipeline, release, cron, timezone, to, rehearse, reason, by } = asked;
  return {
    name, pipeline, release, cron, timezone, ...(to !== undefined && { to }), rehearse, reason, paused: state.paused, by,
    next: state.paused ? [] : info.nextActionTimes.slice(0, timesShown).map((time) => time.toISOString()),
    recent: await recentOutcomes(reach, scheduleId(name)),
  };
}

/** One page of the names of our schedules; the namespace may hold others. */
async function listNames(reach: Reach, { limit, cursor }: Paging): Promise<Page<string>> {
  const { workflowService, options: { namespace } } = reach.client.schedule;
  const { schedules, nextPageToken } = await reach.store(() =>
    workflowService.listSchedules({ namespace, maximumPageSize: limit, nextPageToken: pageTokenOf(cursor, 'schedules') }));
  const prefix = scheduleId('');
  const ids = schedules.flatMap(({ scheduleId: id }) => (id?.startsWith(prefix) ? [id.slice(prefix.length)] : []));
  return { items: ids, ...cursorOf(nextPageToken, 'schedules') };
}

/** Somebody may remove a schedule while it is listed. */
function unlessRemoved(error: unknown): undefined {
  if (error instanceof MeridianFailure && error.code === 'ScheduleNotFound') return undefined;
  throw error;
}
