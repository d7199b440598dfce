import { MeridianFailure } from '../failure.js';
import { refuseEarlyContract } from '../migrations/contracts.js';
import { isOneWay } from '../migrations/known.js';
import { openMigrations } from '../migrations/open-migrations.js';
import { definitionsOf, migrationState } from '../migrations/records.js';
import { placeKey } from '../places.js';
import { planRollout } from '../plan/plan.js';
import { tailorDocument } from '../plan/tailor.js';
import { withPointOfNoReturn } from '../plan/point-of-no-return.js';
import type { KnownMigration } from '../schema/migration.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan } from '../schema/plan.js';
import type { Failure } from '../schema/rollout.js';
import type { Release } from '../schema/release.js';
import type { ShipOptions } from '../schema/ship.js';
import { lineUp, refuseChangedPlan, refusePast, type Admission, type Proposal } from './admission.js';
import type { Cell } from './board.js';
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

/** By the key of each place where something runs: what that is, with its bundle. Those that are contracted already are looked at again as well. */
export const releasesInPlace = (ledger: PipelineLedger): Record<string, Release> => Object.fromEntries(ledger.cells.flatMap((cell) => releaseIn(ledger, cell)));

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
  const open = openPlaces(ledger, names);
  const options = everywhere(given, original, open);
  const releases = releasesInPlace(ledger);
  const release = releases[open.at(-1)!]!;
  const planOf = (document: PipelineDocument): Plan => planRollout({
    document, revision: ledger.revision, release: release.version, bundle: release, options,
    verified: {}, board: ledger.cells, drained: ledger.drained, migrations: ledger.migrations.map(migrationState), contract: names,
  });
  const document = gated(tailorDocument(original, options), definitionsOf(ledger.migrations, names), planOf);
  const plan = planOf(document);
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

/** The approval stands where the walk itself first passes what cannot be undone: where it goes nowhere, nobody would be asked. */
const gated = (document: PipelineDocument, migrations: KnownMigration[], planOf: (document: PipelineDocument) => Plan): PipelineDocument =>
  withPointOfNoReturn(document, migrations.filter(isOneWay), planOf(document).pointOfNoReturn?.environment);

/** Keys of the places that have the old shape of one of these, and to which a rollout goes; in the order of the document. */
const openPlaces = (ledger: PipelineLedger, names: string[]): string[] =>
  openMigrations(ledger).filter(({ record }) => names.includes(record.migration.name)).flatMap(({ open }) => open);

const hasOpen = (open: string[], environment: string): boolean => open.some((key) => key.startsWith(`${environment}/`));

function releaseIn({ releases, bundles }: PipelineLedger, cell: Cell): [string, Release][] {
  const { release: version } = cell;
  if (version === null) return [];
  return [[placeKey(cell), releases.find(({ release }) => release.version === version)?.release ?? bundles[version] ?? { version }]];
}
