import { MeridianFailure } from '../failure.js';
import { placeOf, type Place } from '../places.js';
import { bundleHash, planHash } from './plan-hash.js';
import { leftOutOf, planPhase } from './plan-phase.js';
import { isVerifiedAt, placesOfWalk, prepared, type PlanQuestion } from './plan-question.js';
import { planWarnings } from './plan-warnings.js';
import { walkOf } from './plan-walk.js';
import { assertResidency } from '../document/residency.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import { migrationWarnings } from '../migrations/migration-warnings.js';
import { plannedContracts, plannedMigrations, pointOfNoReturn } from '../migrations/planned.js';
import type { Plan, PlannedMigration, PlannedPhase } from '../schema/plan.js';
import { expectedMs } from './walk-times.js';

export type { PlanQuestion } from './plan-question.js';
export { requeue } from './requeue.js';

/**
 * What a rollout would do. Throws `InvalidRequest` for environments that the options name and the walk cannot have, `ResidencyViolated`
 * when a place may not hold what would run there.
 */
export function planRollout(question: PlanQuestion): Plan {
  const { document, revision, release, options } = question;
  const asked = prepared(question);
  const walk = walkOf(asked);
  const phases = walk.phases.map((phase) => planPhase(asked, phase)).filter(({ waves }) => waves.length > 0);
  assertResidency(document, phases.flatMap(placesOf));
  const work = question.contract === undefined ? 'ship' as const : 'contract' as const;
  const migrations = migrationsOf(question, phases.flatMap(placesOf));
  const deeds = { pipeline: document.name, revision, release, bundle: bundleHash(question.bundle), lane: options.lane, phases, work, migrations };
  return {
    ...deeds,
    hash: planHash(deeds),
    alreadyVerified: walk.alreadyVerified,
    leftOut: [...walk.leftOut, ...walk.phases.flatMap((phase) => leftOutOf(asked, phase))],
    next: walk.next,
    warnings: [...planWarnings(asked, phases), ...migrationWarnings(migrations, document, shippedBy(question))],
    pointOfNoReturn: pointOfNoReturn(migrations, phases.map(({ environment }) => environment)),
    expectedMs: expectedMs(phases),
  };
}

/** What a plan with nothing to expand may still be followed by. */
const shippedBy = ({ bundle, migrations, contract }: PlanQuestion) => (contract === undefined && bundle && migrations ? { release: bundle, migrations } : undefined);

const migrationsOf = ({ bundle, migrations = [], contract }: PlanQuestion, places: Place[]): PlannedMigration[] =>
  (contract === undefined ? plannedMigrations({ release: bundle ?? {}, migrations, places }) : plannedContracts({ names: contract, migrations, places }));

/**
 * Throws `PhaseNotVerified` when the release is no longer verified in a phase that the plan leaves out: while the rollout waited in
 * line, an undo has taken it away there. To go on would skip that phase.
 */
export function refuseLostPhases(plan: Plan, document: PipelineDocument, verified: Record<string, unknown>): void {
  const leftOut = document.lifecycle.filter(({ environment }) => plan.alreadyVerified.includes(environment));
  const lost = leftOut.filter((phase) => !placesOfWalk(document, phase).every((place) => isVerifiedAt({ verified }, place)));
  if (lost.length === 0) return;
  throw new MeridianFailure('PhaseNotVerified',
    `${plan.release} is no longer verified in ${lost.map(({ environment }) => environment).join(' and ')}: `
      + 'it was taken back there after this rollout was planned. Ship it again, so that it begins there.');
}

/** Every place of a phase, in the order of its waves. */
export const placesOf = ({ environment, waves }: PlannedPhase): Place[] =>
  waves.flatMap((wave) => wave.regions.map((region) => placeOf({ environment, ...region })));
