import { MeridianFailure } from '../src/rollout/failure.js';
import { regionSettings } from '../src/rollout/document/settings.js';
import type { Release } from '../src/rollout/schema/release.js';
import { targetOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import { effect } from './effect.js';
import { testChecks, untestedNote, type Readiness, type Tested } from './self-test.js';
import { placeKey, type Place } from '../src/rollout/places.js';
import { checkSchema, lintAgain } from './check-schema.js';
import type { PlaceWork, PreflightWork, SchemaCheck } from './work.js';

/** Places asked at one time: hundreds that do not answer must not take an hour, and one service may stand behind all. */
const atOnce = 10;

/**
 * Asks for everything that a rollout needs before it touches anything: the artifact is there and is what its digest says, every
 * variable has a value, every template is right, every target answers, every source of metrics does, and every check can fail. All that is
 * wrong is told at once, under the first one's code. Migrations are linted again, and each database is asked whether they can be applied there.
 */
export const preflight = (dependencies: Dependencies) => (work: PreflightWork): Promise<Readiness> =>
  effect(async (signal) => {
    const places = await placesFound(dependencies, work, signal);
    const problems = distinct([...await artifactProblems(dependencies, work), ...await problemsOf(() => lintAgain(work.schema)), ...places.flatMap((found) => found.problems)]);
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

/** One place of a preflight. */
type PlaceCheck = PlaceWork & SchemaCheck & Pick<PreflightWork, 'release'>;

/** In the order of the places. */
async function placesFound(dependencies: Dependencies, { document, places, release, schema }: PreflightWork, signal: AbortSignal): Promise<Tested[]> {
  const found: Tested[] = [];
  for (let from = 0; from < places.length; from += atOnce) {
    const some = places.slice(from, from + atOnce).map((place) => ({ ...place, pipeline: document.name, settings: regionSettings(document, place) }));
    found.push(...(await Promise.all(some.map((place) => placeFound(dependencies, { ...place, release, ...schema }, signal)))));
  }
  return found;
}

async function placeFound(dependencies: Dependencies, work: PlaceCheck, signal: AbortSignal): Promise<Tested> {
  const { release: { version }, serving } = work;
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
  const ofSchema = await problemsOf(async () => {
    refuseStranger(work, serving[placeKey(work)], running);
    await checkSchema(dependencies, work, signal);
  });
  return { problems: [...ofTarget, ...ofMetrics, ...ofSchema, ...tested.problems], untested: tested.untested };
}

/** Before the old shape of anything goes away anywhere, everybody is asked once more what they run. */
function refuseStranger(place: Place, expected: string | undefined, running: Release | null): void {
  if (expected === undefined || running?.version === expected) return;
  throw new MeridianFailure('ContractTooEarly',
    `${placeKey(place)} runs ${running?.version ?? 'nothing that answers'}, and the board says ${expected}: nothing is contracted before it is known what every region runs.`);
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
