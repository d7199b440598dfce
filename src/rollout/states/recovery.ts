import type { Rollout } from '../schema/rollout.js';
import { needsAnswer } from './rehearsal.js';

/** What holds a rollout only until the soak that it came from goes on: data has come, or a person has answered. */
const passing: readonly string[] = ['NoData', 'MetricSourceFailed', 'SoakInconclusive'];

export const isPassing = (failure: Rollout['failure']): boolean => failure !== undefined && passing.includes(failure.code);

/** True when what has held the rollout is over: a soak held it and nothing else did, and no region needs an answer any more. */
export const hasRecovered = ({ status, regions, failure }: Pick<Rollout, 'status' | 'regions' | 'failure'>): boolean =>
  status === 'held' && isPassing(failure) && !regions.some((region) => needsAnswer.includes(region.status));
