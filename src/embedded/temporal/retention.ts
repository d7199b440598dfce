import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/** A development server forgets what has ended after a day; people read the history of a rollout for longer. For our own server only. */
export async function keepHistories(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: msToTs('30 days') } });
}
