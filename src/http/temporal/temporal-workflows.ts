import type { Client } from '@temporalio/client';
import { pipelineCalls } from './pipelines.js';
import { reachTemporal } from './reach.js';
import { readinessCalls } from './readiness.js';
import { rolloutCalls } from './rollouts.js';
import type { Workflows } from './workflows.js';

/** The workflows behind a Temporal client. New pipelines are started on `taskQueue`. */
export function temporalWorkflows(client: Client, taskQueue: string): Workflows {
  const reach = reachTemporal(client, taskQueue);
  return { ...pipelineCalls(reach), ...rolloutCalls(reach), ...readinessCalls(reach) };
}
