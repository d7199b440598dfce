import pg from 'pg';
import type { TimeLimits } from './time-limits.js';

/** A lock that was not free, a deadlock, a serialization failure: SQLSTATEs after which the same batch may go well. */
const lockedOut = ['55P03', '40P01', '40001'];

/** `query_canceled`: by the time-out, or by a person who found it too long. */
const cancelled = '57014';

const codeOf = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);

export const isLockedOut = (error: unknown): boolean => lockedOut.includes(codeOf(error) ?? '');

export const isPassing = (error: unknown): boolean => isLockedOut(error) || codeOf(error) === cancelled;

/** Rows of the next try after one that was in the way, or took too long. */
export const fewer = (size: number): number => Math.max(1, Math.floor(size / 2));

/** Rows of the next batch, up to `most`: more only after one that was quick. */
export const afterBatch = (size: number, most: number, tookMs: number, patienceMs: number): number =>
  (tookMs < patienceMs / 4 ? Math.min(most, size * 2) : size);

/** Others wait for the rows that a batch has written, and no longer than they would for any lock of ours. A single row takes what it takes. */
export const patienceFor = (size: number, { lockTimeoutMs, statementTimeoutMs }: TimeLimits): number =>
  (size > 1 ? Math.min(lockTimeoutMs, statementTimeoutMs) : statementTimeoutMs);
