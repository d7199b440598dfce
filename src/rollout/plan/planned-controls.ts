import { controlsFor, placesInOrder, startingBeside, type Neighbour } from './controls.js';
import type { PlanQuestion } from './plan-question.js';
import { placeKey, type Place } from '../places.js';
import type { Phase } from '../schema/pipeline.js';
import type { PlannedPhase, PlannedRegion, PlannedWave } from '../schema/plan.js';

type Question = Pick<PlanQuestion, 'document' | 'board' | 'drained'>;

/** A phase as far as it is planned: what each of its places is compared with is still to be said. */
export type UncomparedPhase = Pick<PlannedPhase, 'environment' | 'soakMs'> & { waves: UncomparedWave[] };
type UncomparedWave = Pick<PlannedWave, 'concurrency'> & { regions: Omit<PlannedRegion, 'comparedWith'>[] };

/**
 * The regions that each place of a phase is expected to be compared with, by the key of the place: as things are now, when the walk comes
 * through without a stop. What is so when its soak begins has the last word.
 */
export function expectedControls(question: Question, phase: Phase, planned: UncomparedPhase): Map<string, string[]> {
  const neighbours = neighboursNow(question, phase);
  const served = new Set<string>();
  const expected = new Map<string, string[]>();
  for (const wave of planned.waves) {
    const line = regionsOf(wave).filter((region) => question.drained?.[region] === undefined);
    for (const place of wave.regions.map((each) => ({ environment: phase.environment, ...each }))) {
      const { before, busy } = besides(place, line, planned, wave);
      const isServed = (each: Place): boolean => served.has(placeKey(each)) || before.has(each.region);
      const seen = neighbours.map((each) => ({ ...each, isServing: each.isServing || isServed(each), isChanging: busy.has(each.region) }));
      expected.set(placeKey(place), controlsFor(place, seen, { nowMs: 0, soakMs: 0 }, question.document).map(({ region }) => region));
    }
    for (const each of wave.regions) served.add(placeKey({ environment: phase.environment, ...each }));
  }
  return expected;
}

/**
 * The regions of its wave that are through when this one soaks, and those that are at work or may begin. One that is drained comes alone, when
 * all others are through.
 */
function besides({ region }: Place, line: string[], planned: UncomparedPhase, wave: UncomparedWave): { before: Set<string>; busy: Set<string> } {
  const at = line.indexOf(region);
  if (at < 0) return { before: new Set(line), busy: new Set() };
  const first = Math.max(0, at - wave.concurrency + 1);
  const atWork = line.slice(first, at);
  return { before: new Set(line.slice(0, first)), busy: new Set([...atWork, ...startingBeside(wave, planned, line.slice(at + 1), atWork.length)]) };
}

/** One that is drained serves nobody, and its turn comes at the end. */
function neighboursNow({ document, board, drained = {} }: Question, phase: Phase): Neighbour[] {
  const running = new Set(board.filter(({ release }) => release !== null).map(placeKey));
  return placesInOrder(phase, document)
    .filter(({ region }) => drained[region] === undefined)
    .map((place) => ({ ...place, isServing: running.has(placeKey(place)), isChanging: false, changedAtMs: null }));
}

const regionsOf = ({ regions }: UncomparedWave): string[] => [...new Set(regions.map(({ region }) => region))];
