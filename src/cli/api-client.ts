import { z } from 'zod';
import type { Place } from '../rollout/places.js';
import { Block, type BlockRequest } from '../rollout/schema/block.js';
import { Board } from '../rollout/schema/board.js';
import type { DecisionKind, DecisionRequest } from '../rollout/schema/decision.js';
import { Freeze, type FreezeRequest } from '../rollout/schema/freeze.js';
import { MissingVariable } from '../rollout/schema/missing.js';
import { Plan, PlanAnswer } from '../rollout/schema/plan.js';
import { Rollout, type RolloutSummary } from '../rollout/schema/rollout.js';
import { Schedule, type ScheduleRequest } from '../rollout/schema/schedule.js';
import type { ContractRequest, ShipRequest } from '../rollout/schema/ship.js';
import { Applied, Drained, Held, Lifted, MigrationItem, Revoked, RolloutPage, Tenants } from './api-answers.js';
import { createApiCalls } from './api-calls.js';
import { baseOf, type ApiAddress } from './request.js';

/** A place, or all places that match what is given. */
export interface PlaceFilter {
  environment?: string | undefined;
  region?: string | undefined;
  tenant?: string | undefined;
}

/** What is to be shipped, as it is sent: the API fills in what is not given. */
export type ShipBody = z.input<typeof ShipRequest>;

/** The HTTP API, one function for each thing that a command asks of it. All throw ApiProblem, ApiUnreachable or NotUnderstood. */
export interface ApiClient {
  readonly url: string;
  applyPipeline(name: string, yaml: string): Promise<Applied>;
  plan(request: ShipBody): Promise<PlanAnswer>;
  /** The same key again, within a day, is the same rollout; a new one at each call when absent. */
  startRollout(request: ShipBody, idempotencyKey?: string): Promise<Rollout>;
  rollout(id: string): Promise<Rollout>;
  /** The plan that a rollout follows. */
  planOf(id: string): Promise<Plan>;
  /** Samples and verdicts of a soak as JSON lines; of the last one when no attempt is given. */
  soakSamples(id: string, place: Place, attempt?: number): Promise<string>;
  /** Those under way, then those that ended last. */
  rollouts(filter: { pipeline?: string | undefined; limit: number }): Promise<RolloutSummary[]>;
  migrations(pipeline: string): Promise<MigrationItem[]>;
  /** Starts the rollout that takes the old shape of migrations away. */
  startContract(request: ContractRequest): Promise<Rollout>;
  /** What that rollout would do. */
  contractPlan(request: ContractRequest): Promise<PlanAnswer>;
  /** The rollout as it stands; to promote one that has ended answers the rollout that ships on. */
  decide(id: string, kind: DecisionKind, request: DecisionRequest): Promise<Rollout>;
  board(pipeline?: string): Promise<Board[]>;
  freezes(): Promise<Freeze[]>;
  /** Sets one owner's hold on the freeze of this name. */
  freeze(name: string, request: FreezeRequest): Promise<Held>;
  /** Lifts the caller's hold, or that of `owner`; every one with `*`. */
  unfreeze(name: string, owner?: string): Promise<Lifted>;
  blocks(): Promise<Block[]>;
  block(name: string, request: BlockRequest): Promise<Block>;
  unblock(name: string): Promise<void>;
  drain(pipeline: string, region: string, reason: string): Promise<Drained>;
  undrain(pipeline: string, region: string): Promise<Drained>;
  revoke(pipeline: string, version: string, request: PlaceFilter & { reason: string }): Promise<Revoked>;
  missing(pipeline: string, filter: PlaceFilter): Promise<MissingVariable[]>;
  tenants(pipeline: string): Promise<Tenants>;
  schedules(): Promise<Schedule[]>;
  schedule(name: string, request: z.input<typeof ScheduleRequest>): Promise<Schedule>;
  unschedule(name: string): Promise<void>;
}

export function createApiClient(address: ApiAddress): ApiClient {
  const calls = createApiCalls(address);
  // People open the links from anywhere: here they get the address that the API does not know it is reached by.
  const ours = Rollout.transform((rollout) => ({ ...rollout, links: { ...rollout.links, self: absolute(rollout.links.self, address) } }));
  return {
    url: address.url,
    applyPipeline: (name, text) => calls.putYaml(Applied, `/v1/pipelines/${part(name)}`, text),
    plan: (request) => calls.post(PlanAnswer, '/v1/plans', request),
    startRollout: (request, key) => calls.post(ours, '/v1/rollouts', request, key),
    rollout: (id) => calls.get(ours, `/v1/rollouts/${part(id)}`),
    planOf: (id) => calls.get(Plan, `/v1/rollouts/${part(id)}/plan`),
    soakSamples: (id, { environment, region, tenant }, attempt) =>
      calls.text(`/v1/rollouts/${part(id)}/soaks/${part(environment)}/${part(region)}`, 'application/x-ndjson', { tenant, attempt }),
    rollouts: ({ pipeline, limit }) => calls.get(RolloutPage, '/v1/rollouts', { pipeline, limit }).then(({ items }) => items),
    migrations: (pipeline) => calls.get(MigrationItems, `/v1/pipelines/${part(pipeline)}/migrations`).then(({ items }) => items),
    startContract: (request) => calls.post(ours, '/v1/contracts', request),
    contractPlan: (request) => calls.post(PlanAnswer, '/v1/contracts?preview=true', request),
    decide: (id, kind, request) => calls.post(ours, `/v1/rollouts/${part(id)}/${kind}`, request),
    board: (pipeline) => calls.all(Board, '/v1/board', { pipeline }),
    freezes: () => calls.all(Freeze, '/v1/freezes'),
    freeze: (name, request) => calls.put(Held, `/v1/freezes/${part(name)}`, request),
    unfreeze: (name, owner) => calls.remove(Lifted, `/v1/freezes/${part(name)}`, { owner }),
    blocks: () => calls.all(Block, '/v1/blocks'),
    block: (name, request) => calls.put(Block, `/v1/blocks/${part(name)}`, request),
    unblock: (name) => calls.remove(nothing, `/v1/blocks/${part(name)}`),
    drain: (pipeline, region, reason) => calls.put(Drained, drainPath(pipeline, region), { reason }),
    undrain: (pipeline, region) => calls.remove(Drained, drainPath(pipeline, region)),
    revoke: (pipeline, version, request) => calls.post(Revoked, `/v1/pipelines/${part(pipeline)}/releases/${part(version)}/revoke`, request),
    missing: (pipeline, filter) => calls.get(MissingItems, `/v1/pipelines/${part(pipeline)}/missing`, { ...filter }).then(({ items }) => items),
    tenants: (pipeline) => calls.get(Tenants, `/v1/pipelines/${part(pipeline)}/tenants`),
    schedules: () => calls.all(Schedule, '/v1/schedules'),
    schedule: (name, request) => calls.put(Schedule, `/v1/schedules/${part(name)}`, request),
    unschedule: (name) => calls.remove(nothing, `/v1/schedules/${part(name)}`),
  };
}

const part = encodeURIComponent;

const drainPath = (pipeline: string, region: string): string => `/v1/pipelines/${part(pipeline)}/drains/${part(region)}`;

const MigrationItems = z.object({ items: z.array(MigrationItem) });
const MissingItems = z.object({ items: z.array(MissingVariable) });

/** It is done; there is nothing more to say. */
const nothing = z.null().transform(() => undefined);

const absolute = (link: string, { url }: ApiAddress): string => (link.startsWith('/') ? `${baseOf(url)}${link}` : link);
