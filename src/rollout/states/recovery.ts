import type { Failure, RegionState, Rollout } from '../schema/rollout.js';
import { needsAnswer } from './rehearsal.js';

/** What holds a rollout only until the soak that it came from goes on: data has come, or a person has answered. */
const passing: readonly string[] = ['NoData', 'MetricSourceFailed', 'SoakInconclusive'];

const isPassing = (failure: Rollout['failure']): boolean => failure !== undefined && passing.includes(failure.code);

/** True when what has held the rollout is over: a soak held it and nothing else did, and no region needs an answer any more. */
export const hasRecovered = ({ status, regions, failure }: Pick<Rollout, 'status' | 'regions' | 'failure'>): boolean =>
  status === 'held' && isPassing(failure) && !regions.some((region) => needsAnswer.includes(region.status));

/** What a rollout that is held already is held by from now on: what may go on by itself never hides what will not. */
export const comesFirst = (failure: Failure, before: Rollout['failure']): boolean =>
  !isPassing(failure) || (asks(failure) && (before === undefined || isPassing(before)));

/** People hear of it though the rollout is held already: a region asks them, or what only waited for data turns out to be bad. */
export const holdsMore = (failure: Rollout['failure'], before: Rollout['failure']): boolean =>
  asks(failure) || (isPassing(before) && failure?.code === 'RegionRegressed');

const asks = (failure: Rollout['failure']): boolean => failure?.code === 'SoakInconclusive';

/** The region that a rollout is held by after the one that held it has gone on by itself; undefined while that still holds it, or when none does. */
export function nextHolding({ status, regions, failure }: Pick<Rollout, 'status' | 'regions' | 'failure'>): RegionState | undefined {
  const held = regions.filter((region) => region.status === 'held' && region.failure !== undefined);
  if (status !== 'held' || !isPassing(failure) || held.some((region) => region.failure!.message === failure?.message)) return undefined;
  return held.find((region) => asks(region.failure)) ?? held[0];
}
