import { placeKey, type Place } from '../../src/rollout/places.js';
import { placesOfPhase } from '../../src/rollout/document/phase-places.js';
import { placesOfWalk } from '../../src/rollout/plan/plan-question.js';
import type { PipelineState } from '../../workflows/messages/pipeline.js';
import type { Dependencies } from '../dependencies.js';
import { stateOfPipeline } from '../pipeline-state.js';
import { contextOf } from './connect.js';
import type { Seen, WorkAt } from './look.js';

/** Open while the other pipeline has the release that is asked for verified in every place that is asked about. */
export async function lookAtDependency(dependencies: Dependencies, work: WorkAt<'dependency'>): Promise<Seen> {
  const { gate, settings } = work;
  const { release } = (await contextOf(dependencies, work)).fill(gate);
  const other = await stateOf(dependencies, gate.pipeline);
  if (typeof other === 'string') return { isOpen: false, saw: other };
  const places = settings.places.map((place) => ({ ...place, environment: gate.environment ?? place.environment }));
  return whatIsVerified(gate.pipeline, other, places, release);
}

/** The other pipeline, or why it cannot be asked. */
async function stateOf({ client }: Dependencies, pipeline: string): Promise<PipelineState | string> {
  try {
    return (await stateOfPipeline(client, pipeline)) ?? `there is no pipeline ${pipeline}`;
  } catch (error) {
    return `the pipeline ${pipeline} cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Is `version` of a pipeline, or whatever runs there when it is absent, verified in each of these places? */
export function whatIsVerified(
  pipeline: string, other: Pick<PipelineState, 'board' | 'releases' | 'document'>, places: Place[], version: string | undefined,
): Seen {
  const { releases } = other;
  const verified = releases.find(({ release }) => release.version === version)?.verified ?? {};
  const missing = places.flatMap((place) => {
    const cells = cellsFor(other, place);
    if (cells.length === 0) return [placeKey(place)];
    return cells.filter((cell) => !(version === undefined ? cell.release !== null && cell.verified : Object.hasOwn(verified, placeKey(cell)))).map(placeKey);
  });
  const what = version === undefined ? `what ${pipeline} runs` : `${pipeline} ${version}`;
  if (places.length === 0) return { isOpen: false, saw: `there is no place in which ${what} could be verified` };
  if (missing.length === 0) return { isOpen: true, saw: `${what} is verified in ${listed(places.map(placeKey))}` };
  return { isOpen: false, saw: `${what} is not verified in ${listed([...new Set(missing)])}` };
}

/** Places that its document has now, for one that is asked about. A tenant that it holds back counts only where it is asked about itself. */
function cellsFor({ board, document }: Pick<PipelineState, 'board' | 'document'>, place: Place): PipelineState['board'] {
  const places = document.lifecycle.flatMap((phase) => (place.tenant === undefined ? placesOfWalk(document, phase) : placesOfPhase(phase, document)));
  const keys = new Set(places.map(placeKey));
  return board.filter((cell) => keys.has(placeKey(cell)) && (isWithin(cell, place) || isWithin(place, cell)));
}

/** The region itself holds its tenants: one of the two pipelines may tell them apart, and the other not. */
const isWithin = (inner: Place, outer: Place): boolean =>
  inner.environment === outer.environment && inner.region === outer.region && (outer.tenant === undefined || inner.tenant === outer.tenant);

const shown = 5;

const listed = (names: string[]): string =>
  names.length <= shown ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
