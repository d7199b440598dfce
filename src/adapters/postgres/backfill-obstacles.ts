import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../rollout/duration.js';
import { MeridianFailure } from '../../rollout/failure.js';
import type { Filling } from './backfill-batch.js';
import { holdersOf } from './backfill-holders.js';
import type { News } from './backfill-news.js';
import { fewer, isLockedOut, isPassing } from './backfill-pace.js';
import { failureOf } from './failures.js';

/** Of a batch of one row, one after the other. After these the attempt ends, so that people read who is in the way; another one follows. */
const lockTries = 10;

/** Of a row that takes longer than a statement may: the server may have been busy once. */
const slowTries = 3;

/** Between two tries of a batch that did not wait, but found a row locked (ms): for about as long as a client's transaction takes. */
const shortMs = 50;

/** What is in the way of batches, and when it is too much. */
export class Obstacles {
  private lockedOut = 0;
  private slow = 0;

  constructor(private readonly filling: Filling, private readonly news: News, private readonly signal: AbortSignal) {}

  /** A batch went well. */
  passed(): void {
    this.lockedOut = 0;
    this.slow = 0;
  }

  /** Waits as long as is fit, and answers how many rows are to be tried next. Throws what another try does not help with. */
  async pass(error: unknown, size: number): Promise<number> {
    if (!isPassing(error)) throw error;
    if (isLockedOut(error)) await this.awaitLock(size);
    else if (size === 1) this.countSlow(error);
    return fewer(size);
  }

  /** Those who have queued up behind the row that was waited for pass before it is asked for again. */
  private async awaitLock(size: number): Promise<void> {
    const { client, table, limits, migration, scrub } = this.filling;
    if (size > 1) return this.sleepAbout(shortMs);
    const holders = await holdersOf(client, table.name, scrub) ?? 'who held it has just ended';
    this.lockedOut += 1;
    if (this.lockedOut === lockTries) {
      throw new MeridianFailure('MigrationBlocked', `${migration.name}, backfill got no lock on a row of ${table.name} in ${lockTries} tries of `
        + `${formatDuration(limits.lockTimeoutMs)} each: ${holders}. It is tried again until the timeout of the database, and goes on where it was; `
        + 'end that transaction if it should not be there (`select pg_terminate_backend(<pid>)`).');
    }
    this.news.waits(`a row of ${table.name} is locked: ${holders}`);
    return this.sleepAbout(limits.lockTimeoutMs);
  }

  private countSlow(error: unknown): void {
    const { migration: { name, backfill }, scrub } = this.filling;
    this.slow += 1;
    if (this.slow === slowTries) throw failureOf(error, scrub, { text: `${name}, backfill of a single row`, number: 1, of: 1, sql: backfill.sql, line: 1 });
  }

  private sleepAbout(ms: number): Promise<void> {
    return sleep(ms * (0.5 + Math.random()), undefined, { signal: this.signal });
  }
}
