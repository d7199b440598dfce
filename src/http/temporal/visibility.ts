import { cursorOf, pageTokenOf } from './cursor.js';
import type { Execution } from './memo.js';
import type { Reach } from './reach.js';
import type { Page, Paging } from './workflows.js';

/** A text in a visibility query, its quotes escaped. */
export const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** One page of the workflows that a visibility query finds, without any worker; a moment behind. `InvalidRequest` for a foreign cursor. */
export async function listExecutions(reach: Reach, query: string, { limit, cursor }: Paging): Promise<Page<Execution>> {
  const { workflow } = reach.client;
  const { executions, nextPageToken } = await reach.store(() =>
    workflow.workflowService.listWorkflowExecutions({
      namespace: workflow.options.namespace,
      query,
      pageSize: limit,
      nextPageToken: pageTokenOf(cursor, query),
    }));
  return { items: executions, ...cursorOf(nextPageToken, query) };
}
