import { createHash } from 'node:crypto';
import { MeridianFailure } from '../../rollout/failure.js';

const sealLength = 16;

const sealOf = (token: Uint8Array, list: string): string =>
  createHash('sha256').update(list).update('\0').update(token).digest('base64url').slice(0, sealLength);

const sealed = (token: Uint8Array, list: string): string => `${sealOf(token, list)}${Buffer.from(token).toString('base64url')}`;

/**
 * Temporal's page token as the `next` of a page, with a seal over it and its list: a cursor of another list would otherwise give a page
 * of neither. Nothing on the last page.
 */
export const cursorOf = (token: Uint8Array | null | undefined, list: string): { next?: string } =>
  (token?.length ? { next: sealed(token, list) } : {});

/** The page token in a cursor; null for the first page. Throws `InvalidRequest` for the cursor of another list. */
export function pageTokenOf(cursor: string | undefined, list: string): Uint8Array | null {
  if (cursor === undefined) return null;
  const token = Buffer.from(cursor.slice(sealLength), 'base64url');
  if (cursor === sealed(token, list)) return token;
  throw new MeridianFailure('InvalidRequest', 'This cursor is not of this list: take `next` of the page before, with the same filters.');
}
