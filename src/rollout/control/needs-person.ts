import type { Rollout, WaitingFor } from '../schema/rollout.js';

/** True when nothing more happens until a person decides: no clock and no other system ends the wait, and no region is still going back by itself. */
export function needsPerson({ status, regions, waitingFor }: Pick<Rollout, 'status' | 'regions' | 'waitingFor'>): boolean {
  if (regions.some((region) => region.status === 'rolling-back')) return false;
  return status === 'waiting' ? waitingFor.some(isForPerson) : ['paused', 'held', 'stuck'].includes(status);
}

/** An approval is given, a drained region let in again, a freeze without an end lifted by somebody; all else opens by itself. */
const isForPerson = ({ type, until }: WaitingFor): boolean =>
  type === 'approval' || type === 'drained' || (type === 'freeze' && until === undefined);
