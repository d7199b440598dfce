import { setCurrentDetails, upsertMemo } from '@temporalio/workflow';
import { pruneFreezes } from '../../src/rollout/control/freezes.js';
import type { Answered } from '../answered.js';
import type { CalendarMemo } from '../memo.js';
import type { CalendarState } from '../messages/calendar.js';
import { calendarDetails } from './details.js';

/** What the entity hands over when it continues as new. */
export interface CalendarBefore {
  state: CalendarState;
  /** Pipelines that are told. */
  subscribers: string[];
  answered: Answered[];
}

export interface CalendarRun extends CalendarBefore {
  /** Nobody has been told anything by a calendar that was there before: what pipelines remember of a lost one is wrong. */
  isNew: boolean;
  /** Grows with each change of the state. */
  version: number;
  /** What the pipelines were told last. */
  told: { state: CalendarState; version: number };
  /** Pipelines that ask to be told, and have not been yet. */
  newcomers: string[];
}

const nothing: CalendarState = { freezes: [], blocks: [] };

export function newCalendarRun(before: CalendarBefore | undefined): CalendarRun {
  const { state, subscribers, answered } = before ?? { state: nothing, subscribers: [], answered: [] };
  const run: CalendarRun = {
    state, subscribers, answered, isNew: before === undefined, version: 0, told: { state, version: 0 }, newcomers: [],
  };
  changeCalendar(run, state);
  return run;
}

/** Every change of the calendar goes through here: what is over is let go, and the rest is shown to lists and in the Temporal UI. */
export function changeCalendar(run: CalendarRun, { freezes, blocks }: CalendarState): void {
  run.state = { freezes: pruneFreezes(freezes, Date.now()), blocks };
  run.version += 1;
  upsertMemo({ calendar: run.state } satisfies CalendarMemo);
  setCurrentDetails(calendarDetails(run.state));
}
