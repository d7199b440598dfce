import { WithStartWorkflowOperation } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { calendarWorkflowId } from '../../rollout/ids.js';
import type { CalendarMemo } from '../../../workflows/memo.js';
import { blockUpdate, freezeUpdate, liftUpdate, unblockUpdate } from '../../../workflows/messages/calendar.js';
import { unlessNotFound } from './failures.js';
import { memoField } from './memo.js';
import type { Reach } from './reach.js';
import type { CalendarCalls, CalendarState } from './workflows.js';

const nothing: CalendarState = { freezes: [], blocks: [] };

/** The entity of freezes and blocks: started by the first write, if no worker has started it before; read without a worker. */
export function calendarCalls(reach: Reach): CalendarCalls {
  const update = <Answer, Message>(definition: UpdateDefinition<Answer, [Message]>, message: Message, updateId: string): Promise<Answer> =>
    reach.update(calendarWorkflowId, () =>
      reach.client.workflow.executeUpdateWithStart(definition, {
        args: [message], updateId, startWorkflowOperation: startCalendar(reach.taskQueue),
      }));

  return {
    async calendar() {
      const execution = await unlessNotFound(
        () => reach.store(() => reach.client.workflow.getHandle(calendarWorkflowId).describe()),
        () => undefined,
      );
      const info = execution?.raw.workflowExecutionInfo;
      // One that was ended from outside is in force no more: the next begins with nothing.
      if (execution?.status.name !== 'RUNNING' || !info) return nothing;
      return memoField<CalendarMemo, 'calendar'>(info, 'calendar') ?? nothing;
    },

    freeze: (message, updateId) => update(freezeUpdate, message, updateId),
    lift: (message, updateId) => update(liftUpdate, message, updateId),
    block: (message, updateId) => update(blockUpdate, message, updateId),
    unblock: (message, updateId) => update(unblockUpdate, message, updateId),
  };
}

const startCalendar = (taskQueue: string) =>
  new WithStartWorkflowOperation('calendar', {
    workflowId: calendarWorkflowId,
    taskQueue,
    args: [],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'the calendar: freezes and blocks of every pipeline',
  });
