import { activityInfo } from '@temporalio/activity';
import { calendarWorkflowId } from '../src/rollout/ids.js';
import { subscribeSignal } from '../workflows/messages/calendar.js';
import type { Dependencies } from './dependencies.js';

/** Puts a pipeline on the list of those that the calendar tells of freezes and blocks. Starts the calendar where there is none. */
export const subscribeToCalendar = ({ client }: Dependencies) =>
  async ({ pipeline }: { pipeline: string }): Promise<void> => {
    await client.workflow.signalWithStart('calendar', {
      workflowId: calendarWorkflowId,
      taskQueue: activityInfo().taskQueue,
      args: [],
      signal: subscribeSignal,
      signalArgs: [{ pipeline }],
    });
  };
