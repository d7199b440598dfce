import { MeridianFailure } from '../rollout/failure.js';
import { migrationState, rememberMigrations, type MigrationRecord } from '../rollout/migrations/records.js';
import { approvalsNeeded } from '../rollout/plan/approvals-needed.js';
import { planRollout } from '../rollout/plan/plan.js';
import type { PlanAnswer } from '../rollout/schema/plan.js';
import type { Release } from '../rollout/schema/release.js';
import type { ShipOptions } from '../rollout/schema/ship.js';
import { tailorDocument } from '../rollout/plan/tailor.js';
import { timetable } from '../rollout/plan/timetable.js';
import { recordsOf } from './known-migrations.js';
import { obstacles, unfitness } from './obstacles.js';
import type { Actor } from './roles.js';
import type { ReadRelease } from './sent-release.js';
import type { PipelineState } from './temporal/workflows.js';

/**
 * What a rollout would do if `actor` started it now, when, and what it would need. Throws what leaves no plan at all: `InvalidRequest`,
 * `ResidencyViolated`. What else would keep it from starting is a warning: a plan is there to be read.
 */
export function planAnswer(state: PipelineState, sent: ReadRelease, options: ShipOptions, actor: Actor, nowMs: number): PlanAnswer {
  const { revision, releases, board, drained, freezes, deployMs } = state;
  const { release } = sent;
  const document = tailorDocument(state.document, options);
  const known = releases.find((each) => each.release.version === release.version);
  const bundle = known?.release ?? release;
  const { records, refusals } = remembered(state, sent, bundle);
  const migrations = records.map(migrationState);
  const plan = planRollout({ document, revision, release: release.version, bundle, options, verified: known?.verified ?? {}, board, drained, migrations });
  return {
    ...plan,
    warnings: [
      ...plan.warnings, ...sent.warnings, ...obstacles(state, plan, { ...known?.release, ...release }, options, actor),
      ...refusals, ...unfitness({ document, plan, release: bundle, records }),
    ],
    timetable: timetable({ document, plan, nowMs, ...startOf(options), freezes, deployMs }),
    approvals: approvalsNeeded(document, plan),
  };
}

/** What the pipeline would know, and why it would refuse that: then what it knows now is planned with. */
function remembered(state: PipelineState, { migrations }: ReadRelease, bundle: Release): { records: MigrationRecord[]; refusals: string[] } {
  const records = recordsOf(state.migrations);
  try {
    return { records: rememberMigrations(records, migrations, bundle, state.updatedAt), refusals: [] };
  } catch (error) {
    if (!(error instanceof MeridianFailure)) throw error;
    return { records, refusals: [error.message] };
  }
}

/** `tonight` is a window of each region, no time of its own. */
export const startOf = ({ startAt }: ShipOptions): { startAtMs?: number } =>
  (startAt === undefined || startAt === 'tonight' ? {} : { startAtMs: Date.parse(startAt) });
