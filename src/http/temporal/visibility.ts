import { createHash } from 'node:crypto';
import { MeridianFailure } from '../../rollout/failure.js';
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
      nextPageToken: cursor === undefined ? null : pageTokenOf(cursor, query),
    }));
  return { items: executions, ...(nextPageToken?.length ? { next: cursorOf(nextPageToken, query) } : {}) };
}

/** Temporal's page token with a seal over it and its query: a cursor of another list would otherwise give a page of neither. */
const cursorOf = (token: Uint8Array, query: string): string => `${sealOf(token, query)}${Buffer.from(token).toString('base64url')}`;

const sealLength = 16;

const sealOf = (token: Uint8Array, query: string): string =>
  createHash('sha256').update(query).update('\0').update(token).digest('base64url').slice(0, sealLength);

function pageTokenOf(cursor: string, query: string): Uint8Array {
  const token = Buffer.from(cursor.slice(sealLength), 'base64url');
  if (cursor === cursorOf(token, query)) return token;
  throw new MeridianFailure('InvalidRequest', 'This cursor is not of this list: take `next` of the page before, with the same filters.');
}
