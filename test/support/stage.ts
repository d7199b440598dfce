import { randomUUID } from 'node:crypto';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { loadConfig, type Config } from '../../src/config.js';
import { calendarWorkflowId, pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import { needsPerson } from '../../src/rollout/control/needs-person.js';
import { placeKey } from '../../src/rollout/places.js';
import type { BlockRequest } from '../../src/rollout/schema/block.js';
import type { KnownMigration } from '../../src/rollout/schema/migration.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import type { FreezeRequest } from '../../src/rollout/schema/freeze.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { ShipOptions as Options } from '../../src/rollout/schema/ship.js';
import { isTerminal, type RolloutStatus } from '../../src/rollout/states/statuses.js';
import { startWorker, type RunningWorker } from '../../src/worker.js';
import {
  applyUpdate, drainUpdate, pipelineQuery, revokeUpdate, startContractUpdate, startRolloutUpdate, type Admitted, type Applied, type Drained, type PipelineState,
  type Revoked,
} from '../../workflows/messages/pipeline.js';
import { blockUpdate, freezeUpdate, liftUpdate } from '../../workflows/messages/calendar.js';
import { decisionSignal, decisionUpdate, rolloutQuery, type Decided, type RolloutView } from '../../workflows/messages/rollout.js';
import type { pipeline } from '../../workflows/pipeline.js';
import { fakeDependencies, FakeWorld } from './fake-world.js';
import { waitFor } from './wait-for.js';

/** A real worker on a real Temporal server. Each scene is a pipeline of its own with its own fake regions. */
export interface Stage {
  client: Client;
  config: Config;
  scene(): Scene;
  /** One calendar serves a whole Temporal server: only for stages with a server of their own. */
  freeze(name: string, by: string, request: Partial<FreezeRequest>): Promise<unknown>;
  lift(name: string, owner: string): Promise<unknown>;
  block(name: string, request: BlockRequest): Promise<unknown>;
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface Scene {
  name: string;
  world: FakeWorld;
  apply(changes?: Record<string, unknown>): Promise<Applied>;
  ship(release: string | Release, options?: ShipOptions): Promise<Admitted>;
  /** Takes the old shape of migrations away; of all that are due when none are named. */
  contract(migrations?: string[], by?: string): Promise<Admitted>;
  view(rollout: string): Promise<RolloutView>;
  pipeline(): Promise<PipelineState>;
  drain(region: string, reason: string | null): Promise<Drained>;
  revoke(release: string, reason: string): Promise<Revoked>;
  /** The rollout once it has one of these statuses. */
  until(rollout: string, ...statuses: RolloutStatus[]): Promise<RolloutView>;
  /** The rollout once nothing more happens until a person decides. */
  untilPerson(rollout: string): Promise<RolloutView>;
  untilRegion(rollout: string, place: string, status: string): Promise<RolloutView>;
  untilEnded(rollout: string): Promise<RolloutView>;
  decide(rollout: string, kind: DecisionKind, decision?: Partial<Decision>, updateId?: string): Promise<Decided>;
  signal(rollout: string, kind: DecisionKind, payload?: Partial<Decision>): Promise<void>;
}

export interface ShipOptions extends Partial<Options> {
  by?: string;
  roles?: string[];
  updateId?: string;
  fingerprint?: string;
  /** What comes with the release. */
  migrations?: KnownMigration[];
}

export async function openStage(address: string): Promise<Stage> {
  const config = configFor(address);
  const worlds = new Map<string, FakeWorld>();
  const worldFor = (name: string): FakeWorld => {
    const world = worlds.get(name);
    if (!world) throw new Error(`no scene ${name}`);
    return world;
  };
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const start = (): Promise<RunningWorker> => startWorker(config, (own) => fakeDependencies(worldFor, own));
  let worker: RunningWorker | undefined = await start();
  const calendar = client.workflow.getHandle(calendarWorkflowId);
  return {
    client,
    config,
    scene() {
      const name = `shop-${randomUUID().slice(0, 8)}`;
      const world = new FakeWorld();
      worlds.set(name, world);
      return sceneOf(client, config.taskQueue, name, world);
    },
    freeze: (name, by, request) => calendar.executeUpdate(freezeUpdate, { args: [{ name, by, request: { scope: 'all', reason: 'peak sales', ...request } }] }),
    lift: (name, owner) => calendar.executeUpdate(liftUpdate, { args: [{ name, owner, by: owner }] }),
    block: (name, request) => calendar.executeUpdate(blockUpdate, { args: [{ name, request, by: 'sec' }] }),
    async stopWorker() {
      await worker?.shutdown();
      worker = undefined;
    },
    async startWorker() {
      worker = await start();
    },
    async close() {
      await worker?.shutdown();
      await connection.close();
    },
  };
}

function sceneOf(client: Client, taskQueue: string, name: string, world: FakeWorld): Scene {
  const entity = client.workflow.getHandle<typeof pipeline>(pipelineWorkflowId(name));
  const handleOf = (rollout: string) => client.workflow.getHandle(rolloutWorkflowId(rollout));
  const view = (rollout: string): Promise<RolloutView> => handleOf(rollout).query(rolloutQuery);
  const untilView = (rollout: string, what: string, holds: (seen: RolloutView) => boolean): Promise<RolloutView> => {
    let last: RolloutView | undefined;
    return waitFor(`${rollout} ${what}`, async () => {
      last = await view(rollout);
      return holds(last) ? last : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${rollout} is ${last?.status}: ${last?.why} ${JSON.stringify(last?.regions.map((each) => each.status))}`, { cause: error });
    });
  };
  return {
    name,
    world,
    view,
    apply: (changes = {}) =>
      client.workflow.executeUpdateWithStart(applyUpdate, {
        args: [{ document: documentFor(name, changes), by: 'ana' }],
        startWorkflowOperation: new WithStartWorkflowOperation<typeof pipeline>('pipeline', {
          workflowId: pipelineWorkflowId(name), taskQueue, args: [{ name }], workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      }),
    contract: (migrations, by = 'ana') =>
      entity.executeUpdate(startContractUpdate, { args: [{ ...(migrations && { migrations }), options: Options.parse({}), by, roles: ['*'] }] }),
    ship: (release, { by = 'ana', roles = ['*'], updateId, fingerprint, migrations, ...options } = {}) =>
      entity.executeUpdate(startRolloutUpdate, {
        args: [{
          release: typeof release === 'string' ? { version: release } : release, by, roles, options: Options.parse(options),
          ...(fingerprint !== undefined && { fingerprint }), ...(migrations && { migrations }),
        }],
        ...(updateId !== undefined && { updateId }),
      }),
    pipeline: () => entity.query(pipelineQuery),
    revoke: (release, reason) => entity.executeUpdate(revokeUpdate, { args: [{ release, reason, by: 'ben' }] }),
    drain: (region, reason) => entity.executeUpdate(drainUpdate, { args: [{ region, reason, by: 'ben' }] }),
    until: (rollout, ...statuses) =>
      untilView(rollout, `to be ${statuses.join(' or ')}`, ({ status, why }) => {
        if (!statuses.includes(status) && isTerminal(status)) throw new Error(`${rollout} ended as ${status}: ${why}`);
        return statuses.includes(status);
      }),
    untilPerson: (rollout) => untilView(rollout, 'to wait for a person', needsPerson),
    untilRegion: (rollout, place, status) =>
      untilView(rollout, `to have ${place} ${status}`, ({ regions }) =>
        regions.some((each) => placeKey(each) === place && each.status === status)),
    untilEnded: (rollout) => handleOf(rollout).result() as Promise<RolloutView>,
    decide: (rollout, kind, decision = {}, updateId) =>
      handleOf(rollout).executeUpdate(decisionUpdate(kind), {
        args: [{ by: 'ben', roles: ['*'], ...decision }], ...(updateId !== undefined && { updateId }),
      }),
    signal: (rollout, kind, payload) => handleOf(rollout).signal(decisionSignal(kind), payload),
  };
}

const configFor = (address: string): Config =>
  loadConfig({
    MERIDIAN_TASK_QUEUE: `stage-${randomUUID().slice(0, 8)}`,
    MERIDIAN_TEMPORAL_PORT: address.split(':')[1],
    MERIDIAN_LOG_LEVEL: process.env.MERIDIAN_LOG_LEVEL ?? 'silent',
  });

/** staging in frankfurt, then production in sydney, frankfurt, virginia; a short soak, whose first look brings enough evidence. */
export const documentFor = (name: string, changes: Record<string, unknown> = {}): PipelineDocument =>
  PipelineDocument.parse({
    apiVersion: 'meridian/v1',
    kind: 'Pipeline',
    name,
    owner: { team: 'payments', contact: '#payments' },
    regions: { sydney: { weight: 5 }, frankfurt: { weight: 30 }, virginia: { weight: 65 } },
    target: { type: 'webhook', url: 'http://127.0.0.1/hook' },
    metrics: { type: 'scrape', url: `${name}|{{ place }}` },
    checks: [{ name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 }],
    soak: { min: '300ms', max: '4s', interval: '1s', minSamples: 100 },
    lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production' }],
    ...changes,
  });

/** Only production, one region after the other: for stories that do not need the staging phase. */
export const onlyProduction = { lifecycle: [{ environment: 'production' }] };

/** Only sydney, in production. */
export const onlySydney = { lifecycle: [{ environment: 'production', waves: [['sydney']] }] };
