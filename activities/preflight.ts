import { MeridianFailure } from '../src/rollout/failure.js';
import { regionSettings } from '../src/rollout/document/settings.js';
import { targetOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import { effect } from './effect.js';
import type { PlaceWork, PreflightWork } from './work.js';

/** Places asked at one time: hundreds that do not answer must not take an hour, and one service may stand behind all. */
const atOnce = 10;

/**
 * Asks for everything that a rollout needs before it touches anything: the artifact is there and is what its digest says, every
 * variable has a value, every template is right, every target answers. All that is wrong is told at once, under the first one's code.
 */
export const preflight = (dependencies: Dependencies) => (work: PreflightWork): Promise<void> =>
  effect(async (signal) => {
    const found = [await artifactProblem(dependencies, work), ...(await placeProblems(dependencies, work, signal))];
    const problems = found.filter((problem) => problem !== undefined);
    const [first] = problems;
    if (first === undefined) return;
    throw new MeridianFailure(first.code, problems.map(({ message }) => message).join('\n'), { retryable: problems.every(({ retryable }) => retryable) });
  });

const artifactProblem = ({ verifyFolder }: Dependencies, { release }: PreflightWork): Promise<MeridianFailure | undefined> =>
  problemOf(async () => {
    if (release.artifact && 'path' in release.artifact) await verifyFolder(release.artifact);
  });

/** In the order of the places. */
async function placeProblems(dependencies: Dependencies, { document, places, release }: PreflightWork, signal: AbortSignal): Promise<(MeridianFailure | undefined)[]> {
  const found: (MeridianFailure | undefined)[] = [];
  for (let from = 0; from < places.length; from += atOnce) {
    const some = places.slice(from, from + atOnce).map((place) => ({ ...place, pipeline: document.name, settings: regionSettings(document, place) }));
    found.push(...(await Promise.all(some.map((place) => placeProblem(dependencies, place, release.version, signal)))));
  }
  return found;
}

const placeProblem = (dependencies: Dependencies, work: PlaceWork, version: string, signal: AbortSignal): Promise<MeridianFailure | undefined> =>
  problemOf(async () => {
    const { target, place } = await targetOf(dependencies, work, version);
    await target.current(place, signal);
  });

async function problemOf(look: () => Promise<void>): Promise<MeridianFailure | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (error instanceof MeridianFailure) return error;
    throw error;
  }
}
