import { MeridianFailure } from '../src/rollout/failure.js';
import { targetOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import { effect, untilDone } from './effect.js';
import type { Recheck, StepWork } from './work.js';

/**
 * Looks again at a region where the release was verified before: does it still run there, and does it still pass? A region that cannot be
 * reached says neither: that is thrown, and tried again.
 */
export const recheckRegion = (dependencies: Dependencies) => (work: StepWork): Promise<Recheck> =>
  effect(async (signal) => {
    const { target, place } = await targetOf(dependencies, work, work.release.version);
    const { key, rollout, release, previous } = work;
    const running = await target.current(place, signal);
    if (running?.version !== release.version) return { isGood: false, saw: `it runs ${running?.version ?? 'nothing'}`, running };
    try {
      untilDone(await target.verify({ ...place, key, rollout, release, previous }, signal));
    } catch (error) {
      if (error instanceof MeridianFailure && error.code === 'VerifyFailed') return { isGood: false, saw: error.message, running };
      throw error;
    }
    return { isGood: true, saw: `it runs ${release.version} and is healthy`, running };
  });
