import type { Opening } from './openings.js';
import { placeOf, type Place } from '../places.js';
import type { PlannedPhase, PlannedWave } from '../schema/plan.js';

/** How long the parts of a walk take. Times are milliseconds, of any clock. */
export interface Pace {
  /** When the gates of a phase or wave that comes to them at `atMs` are open. */
  gate(environment: string, scope: 'phase' | 'wave', atMs: number): Opening;
  /** When a place that could start at `atMs` starts. */
  place(place: Place, atMs: number): Opening;
  deployMs(place: Place): number;
  /** When a soak of `soakMs` that begins at `fromMs` is over. */
  soaked(place: Place, fromMs: number, soakMs: number): number;
}

/** One place from the moment it may start to the end of its soak. */
export interface Stay extends Opening {
  place: Place;
  endMs: number;
}

type Bound = 'min' | 'max';

/** All soaks of a walk together (ms), and nothing else: no gate, no freeze, no deploy. */
export function expectedMs(phases: PlannedPhase[]): Record<Bound, number> {
  const soaksAlone: Pace = {
    gate: (_environment, _scope, atMs) => ({ atMs }),
    place: (_place, atMs) => ({ atMs }),
    deployMs: () => 0,
    soaked: (_place, fromMs, soakMs) => fromMs + soakMs,
  };
  return { min: walkTimes(phases, 0, 'min', soaksAlone).endMs, max: walkTimes(phases, 0, 'max', soaksAlone).endMs };
}

/** When each place of a walk is changed. Phases and waves follow each other; in a wave so many regions change at once as it says. */
export function walkTimes(phases: PlannedPhase[], startMs: number, bound: Bound, pace: Pace): { stays: Stay[]; endMs: number } {
  const stays: Stay[] = [];
  let atMs = startMs;
  for (const phase of phases) {
    let opening = pace.gate(phase.environment, 'phase', atMs);
    for (const wave of phase.waves) {
      opening = after(opening, pace.gate(phase.environment, 'wave', opening.atMs));
      stays.push(...waveTimes(phase, wave, opening, bound, pace));
      atMs = endOf(stays, opening.atMs);
      opening = { atMs };
    }
  }
  return { stays, endMs: atMs };
}

function after(first: Opening, second: Opening): Opening {
  const waits = [first.waits, second.waits].filter((each) => each !== undefined);
  return { atMs: second.atMs, ...(waits.length > 0 && { waits: waits.join(', then ') }) };
}

const endOf = (stays: Stay[], startMs: number): number => Math.max(startMs, ...stays.map(({ endMs }) => endMs));

/** Each region takes the lane that is free first. */
function waveTimes(phase: PlannedPhase, wave: PlannedWave, opening: Opening, bound: Bound, pace: Pace): Stay[] {
  const lanes = Array.from({ length: wave.concurrency }, () => opening);
  return byRegion(phase, wave).flatMap((places) => {
    const free = lanes.reduce((first, lane, index) => (lane.atMs < lanes[first]!.atMs ? index : first), 0);
    const stays = regionTimes(phase, wave, places, lanes[free]!, bound, pace);
    lanes[free] = { atMs: endOf(stays, opening.atMs) };
    return stays;
  });
}

function byRegion({ environment }: PlannedPhase, { regions }: PlannedWave): Place[][] {
  const names = [...new Set(regions.map(({ region }) => region))];
  return names.map((name) => regions.filter(({ region }) => region === name).map((each) => placeOf({ environment, ...each })));
}

function regionTimes(phase: PlannedPhase, wave: PlannedWave, places: Place[], opening: Opening, bound: Bound, pace: Pace): Stay[] {
  const stays: Stay[] = [];
  for (const place of places) {
    const from = phase.tenants === 'together' || stays.length === 0 ? opening : { atMs: stays.at(-1)!.endMs };
    stays.push(stay(phase, wave, place, from, bound, pace));
  }
  return stays;
}

function stay(phase: PlannedPhase, wave: PlannedWave, place: Place, from: Opening, bound: Bound, pace: Pace): Stay {
  const opening = after(from, pace.place(place, from.atMs));
  const isRehearsed = phase.rehearse && wave === phase.waves[0];
  const liveMs = opening.atMs + pace.deployMs(place) * (isRehearsed ? deploysOfRehearsal : 1);
  return { ...opening, place, endMs: pace.soaked(place, liveMs, phase.soakMs[bound]) };
}

/** There, back and there again. */
const deploysOfRehearsal = 3;
