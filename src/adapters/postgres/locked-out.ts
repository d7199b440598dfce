import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { formatDuration } from '../../rollout/duration.js';
import { MeridianFailure } from '../../rollout/failure.js';
import { watchBlockers } from './blockers.js';
import type { Session } from './session.js';

/** After these the attempt of the activity ends, so that people read who is in the way; another attempt follows. */
const tries = 10;

/** A lock that was not free in time, a deadlock, a serialization failure: nothing took place, and it may go well the next time. */
const passing = ['55P03', '40P01', '40001'];

const isLockedOut = (error: unknown): error is pg.DatabaseError => error instanceof pg.DatabaseError && passing.includes(error.code ?? '');

/**
 * Tries what waits for locks until it gets them. Between two tries it stays away for about as long as it has waited, so that those who queued
 * behind it pass. `what` names the work for people. Throws `MigrationBlocked`, with who blocks it, when no try was enough.
 */
export async function untilUnlocked<T>(session: Session, what: string, say: (text: string) => void, attempt: () => Promise<T>): Promise<T> {
  const { limits: { lockTimeoutMs }, signal } = session;
  let blockers = 'who holds it could not be seen';
  let why = '';
  for (let done = 1; ; done += 1) {
    const watch = watchBlockers(session, (found) => say(`${what} waits for ${found}`));
    try {
      return await attempt();
    } catch (error) {
      if (!isLockedOut(error)) throw error;
      blockers = watch.last() ?? blockers;
      why = error.code === '55P03' ? `no lock in ${formatDuration(lockTimeoutMs)}` : error.message;
      if (done === tries) throw blocked(what, lockTimeoutMs, blockers);
    } finally {
      await watch.stop();
    }
    say(`${what} tries again: ${why}, ${blockers}`);
    await sleep(lockTimeoutMs * (0.5 + Math.random()), undefined, { signal });
  }
}

const blocked = (what: string, lockTimeoutMs: number, blockers: string): MeridianFailure => new MeridianFailure('MigrationBlocked',
  `${what} got no lock in ${tries} tries of ${formatDuration(lockTimeoutMs)} each: ${blockers}. It is tried again until the timeout of the database; `
  + 'end that transaction if it should not be there (`select pg_terminate_backend(<pid>)`), or raise lockTimeout, for which everybody behind it waits too.');
