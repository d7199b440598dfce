import { MeridianFailure } from '../failure.js';
import { refuseEarlyContract } from '../migrations/contracts.js';
import { isOneWay } from '../migrations/known.js';
import { placesToContract } from '../migrations/places-to-contract.js';
import { definitionsOf, migrationState } from '../migrations/records.js';
import { placeKey } from '../places.js';
import { planRollout } from '../plan/plan.js';
import { tailorDocument } from '../plan/tailor.js';
import { withPointOfNoReturn } from '../plan/point-of-no-return.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan } from '../schema/plan.js';
import type { Failure } from '../schema/rollout.js';
import type { Release } from '../schema/release.js';
import type { ShipOptions } from '../schema/ship.js';
import { lineUp, refuseChangedPlan, refusePast, type Admission, type Proposal } from './admission.js';
import { documentOf, type PipelineLedger } from './pipeline-ledger.js';
import { schemaToDo } from './schema-admission.js';

export interface ContractRequest {
  /** All that are due when absent. */
  migrations?: string[];
  options: ShipOptions;
  by: string;
  roles: string[];
}

/**
 * Numbers a rollout that takes the old shape of migrations away, wherever it is left. Throws `ContractTooEarly` with every reason while a place
 * of the fleet may still need it, `NothingToDo` where nothing is due.
 */
export function admitContract(ledger: PipelineLedger, request: ContractRequest, now: string): Admission {
  refusePast(request.options, now);
  const proposal = propose(ledger, request, now);
  refuseChangedPlan(proposal.plan, request.options.plan);
  return lineUp(ledger, proposal, now);
}

/** What it would do. Throws like `admitContract`. */
export const planContract = (ledger: PipelineLedger, request: Pick<ContractRequest, 'migrations' | 'options'>, now: string): Plan =>
  propose(ledger, { ...request, by: '', roles: ['*'] }, now).plan;

/** By the key of each place that is to be contracted: what runs there, with its bundle. */
export const releasesToContract = (ledger: PipelineLedger, names: string[]): Record<string, Release> =>
  Object.fromEntries(placesToContract(ledger.migrations.map(migrationState), names).flatMap((key) => releaseAt(ledger, key)));

/** Why a contract whose turn has come may not begin: the fleet may have changed while it waited. */
export function refusalOfContract(ledger: PipelineLedger, names: string[], now: string): Failure | null {
  try {
    refuseEarlyContract(ledger, names, now);
    return null;
  } catch (error) {
    if (error instanceof MeridianFailure) return { code: error.code, message: error.message };
    throw error;
  }
}

function propose(ledger: PipelineLedger, { migrations: asked, options: given, ...actor }: ContractRequest, now: string): Proposal {
  const original = documentOf(ledger);
  const names = refuseEarlyContract(ledger, asked, now);
  const open = placesToContract(ledger.migrations.map(migrationState), names);
  const options = everywhere(given, original, open);
  const document = withPointOfNoReturn(tailorDocument(original, options), definitionsOf(ledger.migrations, names).filter(isOneWay), firstOf(original, open));
  const releases = releasesToContract(ledger, names);
  const release = Object.values(releases).at(-1)!;
  const plan = planRollout({
    document, revision: ledger.revision, release: release.version, bundle: release, options,
    verified: {}, board: ledger.cells, drained: ledger.drained, migrations: ledger.migrations.map(migrationState), contract: names,
  });
  return {
    request: { options, ...actor }, release, document, plan, records: ledger.migrations,
    schema: { ...schemaToDo(ledger.migrations, names, plan), contract: names, releases },
    // Nobody may put an old release anywhere while its shape goes away somewhere.
    environments: original.lifecycle.map(({ environment }) => environment),
  };
}

/** To the end of the lifecycle, optional environments included where there is something to contract. */
const everywhere = (options: ShipOptions, { lifecycle }: PipelineDocument, open: string[]): ShipOptions => ({
  ...options,
  to: lifecycle.findLast((phase) => hasOpen(open, phase.environment))?.environment,
  include: lifecycle.filter((phase) => phase.optional && hasOpen(open, phase.environment)).map(({ environment }) => environment),
});

const firstOf = ({ lifecycle }: PipelineDocument, open: string[]): string | undefined =>
  lifecycle.find(({ environment }) => hasOpen(open, environment))?.environment;

const hasOpen = (open: string[], environment: string): boolean => open.some((key) => key.startsWith(`${environment}/`));

/** What runs there, with its bundle. */
function releaseAt({ cells, releases, bundles }: PipelineLedger, key: string): [string, Release][] {
  const version = cells.find((cell) => placeKey(cell) === key)?.release ?? null;
  if (version === null) return [];
  return [[key, releases.find(({ release }) => release.version === version)?.release ?? bundles[version] ?? { version }]];
}
