import { blockedMessage, blockOf } from '../control/blocks.js';
import { MeridianFailure } from '../failure.js';
import { rolloutId } from '../ids.js';
import { placeKey } from '../places.js';
import { enqueue, inTheWayOf, waitsBehind, type Waiting, type Walk } from './locks.js';
import { assertMayShip } from '../control/may-ship.js';
import { passedOver } from './overrides.js';
import { holdsFor } from './pipeline-answers.js';
import { documentOf, verifiedPlaces, type PipelineLedger } from './pipeline-ledger.js';
import { placesOf, planRollout } from '../plan/plan.js';
import { completeRelease, recordOverride, rememberRelease } from './releases.js';
import { refuseTooLarge } from '../migrations/bounds.js';
import { migrationState, rememberMigrations, type MigrationRecord } from '../migrations/records.js';
import type { KnownMigration } from '../schema/migration.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan } from '../schema/plan.js';
import type { Release } from '../schema/release.js';
import { refuseUnfit, schemaToDo, type SchemaToDo } from './schema-admission.js';
import type { OverrideRecord } from '../schema/rollout.js';
import type { ShipOptions } from '../schema/ship.js';
import { takesOver } from './supersede.js';
import { tailorDocument } from '../plan/tailor.js';
import { describeMissing, missingVariables } from '../document/variables.js';

/** Longest line of waiting rollouts: whoever comes later is refused. */
const queueMax = 100;

export interface AdmissionRequest {
  release: Release;
  options: ShipOptions;
  by: string;
  roles: string[];
  /** The environment runs the release already, and places join it: its override passes over no rule. */
  isJoiner?: boolean;
  /** The release goes on from where it is verified, and nowhere else: a phase that has lost it is not shipped again unasked. */
  isPromotion?: boolean;
  /** Migrations that came with the release. */
  migrations?: KnownMigration[];
}

export interface Admission {
  ledger: PipelineLedger;
  rollout: {
    rollout: string;
    number: number;
    /** As this rollout uses it. */
    document: PipelineDocument;
    revision: number;
    plan: Plan;
    release: Release;
    behind: string | null;
    holds: ReturnType<typeof holdsFor>;
    overrides: OverrideRecord[];
    schema: SchemaToDo;
  };
}

/** A request with everything that follows from it. */
export interface Proposal {
  request: Pick<AdmissionRequest, 'options' | 'by' | 'isJoiner'>;
  release: Release;
  document: PipelineDocument;
  plan: Plan;
  /** All that the pipeline knows from now on. */
  records: MigrationRecord[];
  schema: SchemaToDo;
  /** The environments that nobody else may change meanwhile. */
  environments: string[];
}

/**
 * Numbers a rollout, makes its plan and gives it its place in line; one that is scheduled gets its place when its time has come. Throws
 * when it must be refused, before anything has changed: an unknown, changed or blocked release, a role or a reason that is missing, a plan
 * that is not the one that was looked at, missing variables, nothing left to do, or environments that are busy.
 */
export function admit(ledger: PipelineLedger, request: AdmissionRequest, now: string): Admission {
  refusePast(request.options, now);
  return lineUp(ledger, propose(ledger, request, now), now);
}

/** Gives what was asked for its number and its place in line. */
export function lineUp(ledger: PipelineLedger, proposal: Proposal, now: string): Admission {
  const { request, schema } = proposal;
  const isScheduled = isLater(request.options, now);
  const walk: Walk = {
    rollout: rolloutId(ledger.name, ledger.next), number: ledger.next, lane: request.options.lane, release: proposal.release.version,
    environments: proposal.environments, ...(schema.contract && { contract: schema.contract }),
  };
  refuseEmptyWalk(proposal);
  refuseMissingVariables(proposal);
  if (!isScheduled) refuseBusy(ledger, proposal.document, walk);
  refuseLongLine(ledger);
  const behind = isScheduled ? null : waitsBehind(walk, ledger.running, ledger.queue);
  const override = request.isJoiner ? undefined : passedOver(proposal, now);
  return {
    ledger: {
      ...withWaiting(ledger, { ...walk, isReady: false, behind }, isScheduled),
      next: ledger.next + 1,
      releases: remember(ledger, proposal.release, override, now),
      migrations: proposal.records,
    },
    rollout: {
      rollout: walk.rollout, number: walk.number, document: proposal.document, revision: ledger.revision, plan: proposal.plan,
      release: proposal.release, behind, holds: holdsFor(ledger, proposal.release.version), overrides: override ? [override] : [], schema,
    },
  };
}

function propose(ledger: PipelineLedger, request: AdmissionRequest, now: string): Proposal {
  const { options } = request;
  const original = documentOf(ledger);
  const release = completeRelease(request.release, ledger.releases, original);
  refuseBlocked(ledger, release);
  assertMayShip(original, request);
  const document = tailorDocument(original, options);
  const records = rememberMigrations(ledger.migrations, request.migrations ?? [], release, now);
  const plan = planRollout({
    document, revision: ledger.revision, release: release.version, bundle: release, options,
    verified: verifiedPlaces(ledger, release.version), board: ledger.cells, drained: ledger.drained, migrations: records.map(migrationState),
  });
  refuseUnfit({ document, plan, release, records });
  refuseTooLarge({ document, plan, release, records });
  refuseChangedPlan(plan, options.plan);
  if (request.isPromotion) refuseLostRelease(plan, options, verifiedPlaces(ledger, release.version));
  return { request, release, document, plan, records, schema: schemaToDo(records, release.migrations ?? [], plan), environments: plan.phases.map(({ environment }) => environment) };
}

/** A time that is over is a slip of the pen, not `now`. Clocks may differ by a minute. */
export function refusePast({ startAt }: ShipOptions, now: string): void {
  if (startAt === undefined || startAt === 'tonight' || Date.parse(startAt) > Date.parse(now) - 60_000) return;
  throw new MeridianFailure('InvalidRequest', `startAt ${startAt} is over: it is ${now}. Give a time to come, or leave it out to start now.`);
}

/** True for a rollout that starts by itself at a time that is still to come. */
const isLater = ({ startAt }: ShipOptions, now: string): boolean =>
  startAt !== undefined && startAt !== 'tonight' && Date.parse(startAt) > Date.parse(now);

const withWaiting = (ledger: PipelineLedger, waiting: Waiting, isScheduled: boolean): PipelineLedger =>
  isScheduled ? { ...ledger, scheduled: [...ledger.scheduled, waiting] } : { ...ledger, queue: enqueue(ledger.queue, waiting) };

function remember(ledger: PipelineLedger, release: Release, override: OverrideRecord | undefined, now: string) {
  const { releases, running, queue, scheduled, promotions } = ledger;
  const inUse = [...running, ...queue, ...scheduled, ...promotions].map((each) => each.release);
  const known = rememberRelease(releases, release, now, inUse);
  return override ? recordOverride(known, release.version, override) : known;
}

function refuseBlocked({ name, blocks }: PipelineLedger, release: Release): void {
  const block = blockOf(blocks, name, release);
  if (block !== null) throw new MeridianFailure('ReleaseBlocked', blockedMessage(block, release));
}

export function refuseChangedPlan(plan: Plan, lookedAt: string | undefined): void {
  if (lookedAt === undefined || lookedAt === plan.hash) return;
  throw new MeridianFailure('PlanChanged',
    `The plan that you looked at (${lookedAt.slice(0, 12)}…) is not what this rollout would do now (${plan.hash.slice(0, 12)}…). `
    + 'Plan it again, and look at it.');
}

function refuseLostRelease({ phases: [first], release }: Plan, { to }: ShipOptions, verified: Record<string, string>): void {
  if (first === undefined || first.environment === to) return;
  if (placesOf(first).every((place) => Object.hasOwn(verified, placeKey(place)))) {
    throw new MeridianFailure('DecisionRefused',
      `${release} has been to ${to} before, and another release runs in ${first.environment} since. Ship it again: that begins in ${first.environment}.`);
  }
  throw new MeridianFailure('PhaseNotVerified',
    `${release} may not go on to ${to}: it is not verified in ${first.environment} any more, where it was taken back. Ship it there again first.`);
}

function refuseEmptyWalk({ plan, release }: Proposal): void {
  if (plan.phases.length > 0) return;
  const reasons = plan.leftOut.map(({ why, ...where }) => `${[where.environment, where.region, where.tenant].filter(Boolean).join('/')}: ${why}`);
  const left = reasons.length === 0 ? '' : ` Left out are ${reasons.join('; ')}.`;
  throw new MeridianFailure('NothingToDo', plan.alreadyVerified.length === 0
    ? `There is nothing to ship ${release.version} to.${left}`
    : `${release.version} already runs, verified, in every region of ${plan.alreadyVerified.join(' and ')}.${left}`);
}

function refuseMissingVariables({ document, plan }: Proposal): void {
  const missing = missingVariables(document, plan.phases.flatMap(placesOf));
  if (missing.length > 0) throw new MeridianFailure('VariableMissing', describeMissing(missing));
}

/** Why a scheduled rollout may not start although its time has come; undefined when it may. */
export function refusalOfDue(ledger: PipelineLedger, rollout: string): MeridianFailure | undefined {
  const due = ledger.scheduled.find((each) => each.rollout === rollout);
  if (due === undefined || ledger.document === null) return undefined;
  try {
    refuseBusy(ledger, ledger.document, due);
    return undefined;
  } catch (error) {
    if (error instanceof MeridianFailure) return error;
    throw error;
  }
}

/** With `reject` nobody waits, but for a hot-fix that takes over from whoever is there. */
function refuseBusy({ running, queue }: PipelineLedger, { policy }: PipelineDocument, walk: Walk): void {
  if (policy.overlap !== 'reject') return;
  const [holder] = inTheWayOf(walk, running, queue).filter((older) => !takesOver(walk, older, policy.overlap));
  if (holder === undefined) return;
  const shared = walk.environments.filter((environment) => holder.environments.includes(environment));
  throw new MeridianFailure('EnvironmentBusy',
    `${holder.rollout} comes first in ${shared.join(' and ')}, and policy.overlap is reject. Wait for it, or end it.`);
}

function refuseLongLine({ queue, scheduled }: PipelineLedger): void {
  if (queue.length + scheduled.length < queueMax) return;
  const last = queue.at(-1);
  const behind = last === undefined ? '' : `, the last one behind ${last.behind}`;
  throw new MeridianFailure('EnvironmentBusy',
    `${queue.length} rollouts already wait in line${behind}, and ${scheduled.length} for their time. Abort some first.`);
}
