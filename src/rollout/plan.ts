import { durationMs } from './duration.js';
import { MeridianFailure } from './failure.js';
import { gateNeeds } from './gates.js';
import { planWarnings } from './plan-warnings.js';
import type { BoardCell } from './schema/board.js';
import type { Gate, Phase, PipelineDocument } from './schema/pipeline.js';
import type { Plan, PlannedPhase, PlannedWave } from './schema/plan.js';
import { soakOf } from './settings.js';
import { exposureOf, wavesOf } from './waves.js';

export interface PlanQuestion {
  document: PipelineDocument;
  revision: number;
  /** The version to ship. */
  release: string;
  /** `<environment>/<region>` of every place where the release has passed its soak. */
  verified: Record<string, unknown>;
  /** What runs where now. */
  board: Pick<BoardCell, 'environment' | 'region' | 'release'>[];
  /** The last environment to ship to; the whole lifecycle when absent. */
  to?: string | undefined;
}

/** What a rollout would do. Throws `InvalidRequest` for an unknown `to`. */
export function planRollout(question: PlanQuestion): Plan {
  const { document, revision, release } = question;
  const lifecycle = upTo(document.lifecycle, question.to);
  const all = lifecycle.map((phase) => planPhase(document, phase));
  const walk = all.slice(startOfWalk(all, question));
  return {
    pipeline: document.name,
    revision,
    release,
    phases: walk,
    alreadyVerified: all.slice(0, all.length - walk.length).map((phase) => phase.environment),
    warnings: planWarnings(document, walk, soakSum(walk, 'min')),
    expectedMs: { min: soakSum(walk, 'min'), max: soakSum(walk, 'max') },
  };
}

function upTo(lifecycle: Phase[], to: string | undefined): Phase[] {
  if (to === undefined) return lifecycle;
  const last = lifecycle.findIndex((phase) => phase.environment === to);
  if (last < 0) {
    const known = lifecycle.map((phase) => phase.environment).join(', ');
    throw new MeridianFailure('InvalidRequest', `The lifecycle has no environment ${to}. It has: ${known}.`);
  }
  return lifecycle.slice(0, last + 1);
}

function planPhase(document: PipelineDocument, phase: Phase): PlannedPhase {
  const placed = wavesOf(phase, document.regions);
  const all = placed.flat().map((place) => place.region);
  const soak = soakOf(document, phase);
  const waves: PlannedWave[] = placed.map((regions, index) => ({
    number: index + 1,
    regions,
    concurrency: Math.min(phase.concurrency ?? regions.length, regions.length),
    exposure: exposureOf(placed.slice(0, index + 1).flat().map((place) => place.region), all, document.regions),
  }));
  return {
    environment: phase.environment,
    gates: phase.gates.map(plannedGate),
    regionGates: phase.regionGates.map(plannedGate),
    waves,
    soakMs: { min: durationMs(soak.min), max: durationMs(soak.max), interval: durationMs(soak.interval) },
    minSamples: soak.minSamples,
  };
}

const plannedGate = (gate: Gate) => ({ name: gate.name, type: gate.type, needs: gateNeeds(gate) });

/**
 * Strict phases: the walk begins at the first phase where the release is not yet verified in every region. One that is verified in
 * each, and was replaced since, walks again from the first phase where something else runs: an older release can be shipped again.
 */
function startOfWalk(phases: PlannedPhase[], { release, verified, board }: PlanQuestion): number {
  const runsIn = ({ environment }: PlannedPhase, region: string): boolean =>
    board.some((cell) => cell.environment === environment && cell.region === region && cell.release === release);
  const starts = [phases.findIndex((phase) => !isVerifiedIn(phase, verified)), phases.findIndex((phase) => !regionsOf(phase).every((region) => runsIn(phase, region)))];
  return starts.find((index) => index >= 0) ?? phases.length;
}

const isVerifiedIn = (phase: PlannedPhase, verified: Record<string, unknown>): boolean =>
  regionsOf(phase).every((region) => Object.hasOwn(verified, `${phase.environment}/${region}`));

/**
 * Throws `PhaseNotVerified` when the release is no longer verified in a phase that the plan leaves out: while the rollout waited in
 * line, an undo has taken it away there. To go on would skip that phase.
 */
export function refuseLostPhases(plan: Plan, document: PipelineDocument, verified: Record<string, unknown>): void {
  const leftOut = document.lifecycle.filter(({ environment }) => plan.alreadyVerified.includes(environment));
  const lost = leftOut.filter((phase) => !isVerifiedIn(planPhase(document, phase), verified)).map(({ environment }) => environment);
  if (lost.length === 0) return;
  throw new MeridianFailure('PhaseNotVerified',
    `${plan.release} is no longer verified in ${lost.join(' and ')}: it was taken back there after this rollout was planned. Ship it again, so that it begins there.`);
}

/** Every region of a phase, in the order of its waves. */
export const regionsOf = (phase: PlannedPhase): string[] => phase.waves.flatMap((wave) => wave.regions.map(({ region }) => region));

/** Waves run one after the other and the regions of a wave by `concurrency` at once, each with a whole soak. */
const soakSum = (phases: PlannedPhase[], bound: 'min' | 'max'): number =>
  phases
    .flatMap((phase) => phase.waves.map((wave) => Math.ceil(wave.regions.length / wave.concurrency) * phase.soakMs[bound]))
    .reduce((total, ms) => total + ms, 0);
