import { MeridianFailure } from '../src/rollout/failure.js';
import { regionSettings } from '../src/rollout/document/settings.js';
import type { Release } from '../src/rollout/schema/release.js';
import { targetOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import { effect } from './effect.js';
import { testChecks, untestedNote, type Readiness, type Tested } from './self-test.js';
import type { PlaceWork, PreflightWork } from './work.js';

/** Places asked at one time: hundreds that do not answer must not take an hour, and one service may stand behind all. */
const atOnce = 10;

/**
 * Asks for everything that a rollout needs before it touches anything: the artifact is there and is what its digest says, every
 * variable has a value, every template is right, every target answers, every source of metrics does, and every check can fail. All that is
 * wrong is told at once, under the first one's code.
 */
export const preflight = (dependencies: Dependencies) => (work: PreflightWork): Promise<Readiness> =>
  effect(async (signal) => {
    const places = await placesFound(dependencies, work, signal);
    const problems = distinct([...await artifactProblems(dependencies, work), ...places.flatMap((found) => found.problems)]);
    const [first] = problems;
    if (first === undefined) return { untested: untestedNote(places.flatMap(({ untested }) => untested)) };
    throw new MeridianFailure(first.code, told(problems), { retryable: problems.every(({ retryable }) => retryable) });
  });

/** One mistake in a check shows in every place; the message stays in the history. */
const mostTold = 50;

function told(problems: MeridianFailure[]): string {
  const lines = problems.slice(0, mostTold).map(({ message }) => message);
  return [...lines, ...(problems.length > mostTold ? [`and ${problems.length - mostTold} more like these`] : [])].join('\n');
}

/** A variable that is missing is asked for by the target and by the metrics of its place. */
const distinct = (problems: MeridianFailure[]): MeridianFailure[] => [...new Map(problems.map((problem) => [problem.message, problem])).values()];

const artifactProblems = ({ verifyFolder }: Dependencies, { release }: PreflightWork): Promise<MeridianFailure[]> =>
  problemsOf(async () => {
    if (release.artifact && 'path' in release.artifact) await verifyFolder(release.artifact);
  });

/** In the order of the places. */
async function placesFound(dependencies: Dependencies, { document, places, release }: PreflightWork, signal: AbortSignal): Promise<Tested[]> {
  const found: Tested[] = [];
  for (let from = 0; from < places.length; from += atOnce) {
    const some = places.slice(from, from + atOnce).map((place) => ({ ...place, pipeline: document.name, settings: regionSettings(document, place) }));
    found.push(...(await Promise.all(some.map((place) => placeFound(dependencies, place, release.version, signal)))));
  }
  return found;
}

async function placeFound(dependencies: Dependencies, work: PlaceWork, version: string, signal: AbortSignal): Promise<Tested> {
  let running: Release | null = null;
  let tested: Tested = { problems: [], untested: [] };
  const ofTarget = await problemsOf(async () => {
    const { target, place } = await targetOf(dependencies, work, version);
    running = await target.current(place, signal);
  });
  const ofMetrics = await problemsOf(async () => {
    // What runs there now is what can be asked: the release itself is not there yet.
    tested = await testChecks(dependencies, work, { version: running?.version ?? version, isServing: running !== null }, signal);
  });
  return { problems: [...ofTarget, ...ofMetrics, ...tested.problems], untested: tested.untested };
}

async function problemsOf(look: () => Promise<void>): Promise<MeridianFailure[]> {
  try {
    await look();
    return [];
  } catch (error) {
    if (error instanceof MeridianFailure) return [error];
    throw error;
  }
}
