import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { nextEndMs } from '../src/rollout/pipeline/calendar-shares.js';
import { block, check, freeze, lift, make, unblock, type Change } from './calendar/change.js';
import { changeCalendar, newCalendarRun, type CalendarBefore, type CalendarRun } from './calendar/run.js';
import { hasNews, tellPipelines } from './calendar/tell-pipelines.js';
import { blockUpdate, calendarQuery, freezeUpdate, liftUpdate, subscribeSignal, unblockUpdate } from './messages/calendar.js';
import type { Fingerprinted } from './messages/fingerprinted.js';

/** As for a pipeline: half of the length at which the server suggests a new run. */
const longHistory = 2_000;

/** The longest sleep until a freeze is over (ms): one that ends in a year is looked at again each month. */
const longestSleep = 30 * 86_400_000;

/** Its history has grown long, and nothing is under way that would be lost with it. */
const mayHandOver = (run: CalendarRun): boolean =>
  (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength >= longHistory) && allHandlersFinished() && !hasNews(run);

/**
 * The calendar: the entity of freezes and blocks. It keeps what pipelines know of them: each change is pushed to every pipeline that it
 * concerns, and what is over is let go. It never ends; it continues as new when its history has grown long and all have been told.
 */
export async function calendar(before?: CalendarBefore): Promise<void> {
  const run = openCalendar(before);
  for (;;) {
    const endMs = nextEndMs(run.state);
    const hasWork = (): boolean => hasNews(run) || mayHandOver(run) || nextEndMs(run.state) !== endMs;
    if (endMs === null) await condition(hasWork);
    else await condition(hasWork, Math.min(Math.max(endMs - Date.now(), 0), longestSleep), { summary: 'until the next hold on a freeze is over' });
    if (endMs !== null && endMs <= Date.now()) changeCalendar(run, run.state);
    if (hasNews(run)) await tellPipelines(run);
    const { state, subscribers, answered } = run;
    if (mayHandOver(run)) await continueAsNew<typeof calendar>({ state, subscribers, answered });
  }
}

function openCalendar(before: CalendarBefore | undefined): CalendarRun {
  const run = newCalendarRun(before);
  const take = <Message extends Fingerprinted, Answer extends object>(change: Change<Message, Answer>) =>
    [(message: Message) => make(run, change, message), { validator: (message: Message) => check(run, change, message) }] as const;
  setHandler(calendarQuery, () => run.state);
  setHandler(freezeUpdate, ...take(freeze));
  setHandler(liftUpdate, ...take(lift));
  setHandler(blockUpdate, ...take(block));
  setHandler(unblockUpdate, ...take(unblock));
  setHandler(subscribeSignal, ({ pipeline }) => void run.newcomers.push(pipeline));
  return run;
}
