import { shareOf, withExposure } from './exposure.js';
import { gateNeeds } from '../control/gates.js';
import { regionsOfPhase } from '../document/phase-places.js';
import { isDoneAt, placesOfWalk, type PreparedQuestion } from './plan-question.js';
import type { Gate } from '../schema/gate.js';
import type { Phase } from '../schema/pipeline.js';
import type { LeftOut, PlannedPhase, PlannedRegion } from '../schema/plan.js';
import { soakOf, soakSettings } from '../document/settings.js';
import { expectedControls } from './planned-controls.js';
import { placeKey } from '../places.js';
import { heldBack, placesIn } from '../document/tenants.js';
import { wavesOf } from './waves.js';

/** One phase of a walk. Waves are made of all its regions first, so that what is left to do later stands where it would have stood. */
export function planPhase(question: PreparedQuestion, phase: Phase): PlannedPhase {
  const { document, options } = question;
  const soak = soakSettings(soakOf(document, phase));
  const soakMs = { min: soak.earlyFinish ? soak.minMs : soak.durationMs, max: soak.maxMs, interval: soak.intervalMs };
  return {
    environment: phase.environment,
    gates: phase.gates.map(plannedGate),
    waveGates: phase.waveGates.map(plannedGate),
    regionGates: phase.regionGates.map(plannedGate),
    waves: planWaves(question, phase, soakMs),
    tenants: phase.tenants,
    rehearse: options.rehearse,
    soakMs,
    minSamples: soak.minSamples,
  };
}

const plannedGate = (gate: Gate) => ({ name: gate.name, type: gate.type, needs: gateNeeds(gate) });

function planWaves(question: PreparedQuestion, phase: Phase, soakMs: PlannedPhase['soakMs']): PlannedPhase['waves'] {
  const { document } = question;
  const { environment } = phase;
  const regions = regionsOfPhase(phase, document.regions);
  const done = placesOfWalk(document, phase).filter((place) => isDoneAt(question, place));
  const waves = wavesToDo(question, phase);
  const controls = expectedControls(question, phase, { environment, soakMs, waves });
  const compared = waves.map((wave) => ({
    ...wave,
    regions: wave.regions.map((place): PlannedRegion => ({ ...place, comparedWith: controls.get(placeKey({ environment, ...place })) ?? [] })),
  }));
  return withExposure(compared, shareOf(done, regions, document), regions, document);
}

const wavesToDo = (question: PreparedQuestion, phase: Phase) =>
  wavesOf(phase, question.document.regions)
    .map((wave) => wave.flatMap(({ region, why }) => toDo(question, phase, region).map((place) => ({ ...place, why }))))
    .filter((wave) => wave.length > 0)
    .map((wave, index) => ({ number: index + 1, regions: wave, concurrency: concurrencyIn(phase, wave) }));

/** The places of a region that have something to be done. */
const toDo = (question: PreparedQuestion, { environment }: Phase, region: string): Pick<PlannedRegion, 'region' | 'tenant'>[] =>
  placesIn(question.document, environment, region)
    .filter((place) => !isDoneAt(question, place))
    .map(({ tenant }) => ({ region, ...(tenant !== undefined && { tenant }) }));

/** Never more regions at once than the wave has. */
function concurrencyIn({ waves, concurrency }: Phase, places: Pick<PlannedRegion, 'region'>[]): number {
  const regions = new Set(places.map(({ region }) => region)).size;
  const rolling = typeof waves === 'object' && 'order' in waves && waves.order === 'rolling' ? waves.concurrency : regions;
  return Math.min(concurrency ?? regions, rolling, regions);
}

/** The places of a phase that the walk leaves alone. */
export const leftOutOf = (question: PreparedQuestion, phase: Phase): LeftOut[] => [
  ...placesOfWalk(question.document, phase).filter((place) => isDoneAt(question, place)).map((place) => ({ ...place, why: question.contracting === null ? 'already runs there, verified' : 'nothing to contract there' })),
  ...regionsOfPhase(phase, question.document.regions).flatMap((region) => heldBack(question.document, phase.environment, region)),
];
