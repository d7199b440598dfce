import { durationMs } from '../../rollout/duration.js';
import type { Database } from '../../rollout/schema/database.js';

/** How long one statement may wait for a lock and run, in milliseconds as PostgreSQL takes them: whole, at least 1 (0 would switch them off). */
export interface TimeLimits {
  lockTimeoutMs: number;
  statementTimeoutMs: number;
  /** For what is long by nature: building an index, validating a constraint, writing rows in a `contract.down`. */
  longTimeoutMs: number;
}

const longestMs = 2_147_483_647;

const milliseconds = (duration: string): number => Math.min(Math.max(1, Math.round(durationMs(duration))), longestMs);

export const timeLimitsOf = ({ lockTimeout, statementTimeout, timeout }: Database): TimeLimits => ({
  lockTimeoutMs: milliseconds(lockTimeout),
  statementTimeoutMs: milliseconds(statementTimeout),
  longTimeoutMs: milliseconds(timeout),
});
