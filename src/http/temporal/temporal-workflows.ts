import type { Client } from '@temporalio/client';
import { calendarCalls } from './calendar.js';
import { pipelineCalls } from './pipelines.js';
import { reachTemporal } from './reach.js';
import { readinessCalls } from './readiness.js';
import { rolloutCalls } from './rollouts.js';
import { scheduleCalls } from './schedules.js';
import { soakCalls } from './soaks.js';
import type { Workflows } from './workflows.js';

/** The workflows behind a Temporal client. New entities are started on `taskQueue`. */
export function temporalWorkflows(client: Client, taskQueue: string): Workflows {
  const reach = reachTemporal(client, taskQueue);
  return { ...pipelineCalls(reach), ...rolloutCalls(reach), ...soakCalls(reach), ...calendarCalls(reach), ...scheduleCalls(reach), ...readinessCalls(reach) };
}
