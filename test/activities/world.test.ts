import { randomUUID } from 'node:crypto';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { ShipOptions } from '../../src/rollout/schema/ship.js';
import { startWorker } from '../../src/worker.js';
import { applyUpdate, startRolloutUpdate } from '../../workflows/messages/pipeline.js';
import { decisionUpdate, rolloutQuery, type RolloutView } from '../../workflows/messages/rollout.js';
import type { pipeline } from '../../workflows/pipeline.js';
import { startServer } from '../adapters/http-server.js';
import { RegionUnderTest, type Answer } from '../adapters/process/region-under-test.js';
import { freePorts } from '../support/free-ports.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

// A worker with the real world behind it: two tenants of one region as processes of this machine, behind a gate that a webhook keeps.
let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
});
afterAll(() => connection.close());

it('ships to the tenants of a region when their gate opens, and takes back what crashes', async () => {
  const secret = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`;
  vi.stubEnv('TEST_GATE_SECRET', secret);
  onTestFinished(() => void vi.unstubAllEnvs());
  let status = 'closed';
  const keeper = await startServer((request, response) => {
    new Webhook(secret).verify(request.body, request.headers as Record<string, string>);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status, message: 'as the board decides' }));
  });
  const region = await RegionUnderTest.create();
  const [acme, globex] = await freePorts(2) as [number, number];
  const shop = await shopFor(region, keeper.url, { acme, globex });

  const first = await shop.ship(await region.release('1.0.0'));
  const waiting = await shop.until(first, ({ waitingFor }) => waitingFor.length > 0);
  expect(waiting.waitingFor).toMatchObject([{ gate: 'board', type: 'webhook', environment: 'production', needs: expect.stringContaining('as the board decides') }]);
  expect(await region.processes()).toEqual([]);
  status = 'open';
  await shop.until(first, (view) => view.status === 'succeeded');
  expect(keeper.received.map(({ body }) => JSON.parse(body) as object)[0]).toMatchObject({
    action: 'gate', gate: 'board', environment: 'production', rollout: first, release: { version: '1.0.0' },
  });

  const second = await shop.ship(await region.release('1.1.0'));
  await shop.until(second, (view) => view.status === 'succeeded');
  expect(await Promise.all([acme, globex].map(answerOf))).toMatchObject([
    { release: '1.1.0', environment: { REGION: 'sydney', TENANT: 'acme' } }, { release: '1.1.0', environment: { REGION: 'sydney', TENANT: 'globex' } },
  ]);

  const third = await shop.ship(await region.release('1.2.0', `if (process.env.TENANT === 'globex') process.exit(1);\n${serverOf('1.2.0')}`));
  const held = await shop.until(third, ({ regions }) => regions.some(({ status: now }) => now === 'failed' || now === 'rolled-back'));
  expect(held.regions).toMatchObject([{ tenant: 'acme', status: 'live', release: '1.2.0' }, { tenant: 'globex', release: '1.1.0' }]);
  await shop.decide(third, 'rollback');
  await shop.until(third, (view) => view.status === 'rolled-back');
  expect(await Promise.all([acme, globex].map(answerOf))).toMatchObject([{ release: '1.1.0' }, { release: '1.1.0' }]);
});

const serverOf = (version: string): string => `
  const http = await import('node:http');
  const answer = JSON.stringify({ release: '${version}', pid: process.pid, environment: process.env });
  http.createServer((_request, response) => response.end(answer)).listen(Number(process.env.PORT), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
`;

async function answerOf(port: number): Promise<Answer> {
  return (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).json() as Promise<Answer>;
}

/** A pipeline of two tenants, its worker, and what a person does with it. */
async function shopFor(region: RegionUnderTest, gateUrl: string, ports: Record<string, number>) {
  const name = `tenants-${randomUUID().slice(0, 8)}`;
  const taskQueue = `world-${randomUUID().slice(0, 8)}`;
  const worker = await startWorker(loadConfig({
    MERIDIAN_HOME: region.home, MERIDIAN_TASK_QUEUE: taskQueue, MERIDIAN_TEMPORAL_PORT: temporalAddress().split(':')[1], MERIDIAN_LOG_LEVEL: 'silent',
  }));
  onTestFinished(() => worker.shutdown());
  const client = new Client({ connection });
  const document = PipelineDocument.parse({
    apiVersion: 'meridian/v1', kind: 'Pipeline', name, owner: { team: 'payments', contact: '#payments' },
    regions: { sydney: { weight: 1 } },
    tenants: Object.fromEntries(Object.keys(ports).map((tenant) => [tenant, { regions: ['sydney'] }])),
    variables: [
      { name: 'PORT', required: true, type: 'number', values: Object.entries(ports).map(([tenant, value]) => ({ tenant, value })) },
      { name: 'GATE_SECRET', secret: true, values: [{ from: { env: 'TEST_GATE_SECRET' } }] },
    ],
    target: { type: 'process', command: ['node', 'server.js'], port: '{{ PORT }}', startTimeout: '10s', stopTimeout: '2s' },
    soak: { min: '200ms', max: '2s', interval: '1s' },
    lifecycle: [{ environment: 'production', gates: [{ name: 'board', type: 'webhook', url: gateUrl, secret: 'GATE_SECRET', interval: '1s' }] }],
  });
  await client.workflow.executeUpdateWithStart(applyUpdate, {
    args: [{ document, by: 'ana' }],
    startWorkflowOperation: new WithStartWorkflowOperation<typeof pipeline>('pipeline', {
      workflowId: pipelineWorkflowId(name), taskQueue, args: [{ name }], workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  const handleOf = (rollout: string) => client.workflow.getHandle(rolloutWorkflowId(rollout));
  return {
    async ship(release: Release): Promise<string> {
      return (await client.workflow.getHandle(pipelineWorkflowId(name)).executeUpdate(startRolloutUpdate, {
        args: [{ release, options: ShipOptions.parse({}), by: 'ana', roles: [] }],
      })).rollout;
    },
    until: (rollout: string, holds: (view: RolloutView) => boolean): Promise<RolloutView> => {
      let last: RolloutView | undefined;
      return waitFor(`${rollout} gets there`, async () => {
        last = await handleOf(rollout).query(rolloutQuery);
        return holds(last) ? last : undefined;
      }).catch((cause: unknown) => {
        throw new Error(`${rollout} is ${last?.status}: ${last?.why}`, { cause });
      });
    },
    decide: (rollout: string, kind: 'rollback') =>
      handleOf(rollout).executeUpdate(decisionUpdate(kind), { args: [{ by: 'ben', roles: ['*'], reason: 'globex is down' }] }),
  };
}
