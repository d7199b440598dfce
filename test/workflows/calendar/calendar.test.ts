import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarWorkflowId } from '../../../src/rollout/ids.js';
import type { FreezeRequest } from '../../../src/rollout/schema/freeze.js';
import type { CalendarMemo } from '../../../workflows/memo.js';
import { blockUpdate, calendarQuery, freezeUpdate, liftUpdate, subscribeSignal, unblockUpdate } from '../../../workflows/messages/calendar.js';
import { onlySydney, openStage, type Scene, type Stage } from '../../support/stage.js';
import { startTestServer, type TestServer } from '../../support/temporal-server.js';
import { waitFor } from '../../support/wait-for.js';

// The calendar is one for all pipelines, so these tests have a server of their own.
let server: TestServer;
let stage: Stage;
beforeAll(async () => {
  server = await startTestServer();
  stage = await openStage(server.address);
});
afterAll(async () => {
  await stage.close();
  await server.stop();
});

const calendar = () => stage.client.workflow.getHandle(calendarWorkflowId);

interface Sending {
  updateId?: string;
  fingerprint?: string;
}
/** As the API sends it: whoever comes first starts the calendar. */
const freeze = (name: string, by: string, request: Partial<FreezeRequest> = {}, { updateId, fingerprint }: Sending = {}) =>
  stage.client.workflow.executeUpdateWithStart(freezeUpdate, {
    args: [{ name, by, request: { scope: 'all', reason: 'peak sales', ...request }, ...(fingerprint !== undefined && { fingerprint }) }],
    ...(updateId !== undefined && { updateId }),
    startWorkflowOperation: new WithStartWorkflowOperation('calendar', {
      workflowId: calendarWorkflowId, taskQueue: stage.config.taskQueue, args: [], workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
const lift = (name: string, owner: string) => calendar().executeUpdate(liftUpdate, { args: [{ name, owner, by: owner }] });
const onlyFor = ({ name }: Scene): Partial<FreezeRequest> => ({ scope: { pipelines: [name] } });

async function newPipeline(): Promise<Scene> {
  const scene = stage.scene();
  await scene.apply(onlySydney);
  return scene;
}
const freezesOf = async (scene: Scene): Promise<string[]> => (await scene.pipeline()).freezes.map(({ name }) => name);

describe('a freeze', () => {
  it('is known to every pipeline in its scope when it is answered, and to no other', async () => {
    const [shop, mail] = [await newPipeline(), await newPipeline()];
    const name = `sales-${randomUUID()}`;
    await waitFor('both to be listed', async () => (await stage.client.workflow.count(`WorkflowType='pipeline' AND ExecutionStatus='Running'`)).count >= 2);
    const { freeze: frozen, created } = await freeze(name, 'ana', onlyFor(shop));
    expect({ frozen, created }).toMatchObject({ created: true, frozen: { name, holds: [{ owner: 'ana', by: 'ana', reason: 'peak sales', to: null }] } });
    expect((await shop.pipeline()).freezes).toEqual([frozen]);
    expect(await freezesOf(mail)).toEqual([]);
    await lift(name, 'ana');
    expect(await freezesOf(shop)).toEqual([]);
  });

  it('lasts while anybody holds it; whoever does not hold it lifts nothing', async () => {
    const shop = await newPipeline();
    const name = `sales-${randomUUID()}`;
    await freeze(name, 'ana', onlyFor(shop));
    expect(await freeze(name, 'ben', onlyFor(shop))).toMatchObject({ created: false, freeze: { holds: [{ owner: 'ana' }, { owner: 'ben' }] } });
    await expect(lift(name, 'carla')).rejects.toMatchObject({ cause: { type: 'FreezeNotFound' } });
    expect(await lift(name, 'ana')).toMatchObject({ freeze: { holds: [{ owner: 'ben' }] } });
    expect(await lift(name, 'ben')).toEqual({ freeze: null });
    await expect(lift(name, 'ben')).rejects.toMatchObject({ cause: { type: 'FreezeNotFound' } });
  });

  it('is let go when it is over', async () => {
    const shop = await newPipeline();
    const name = `sales-${randomUUID()}`;
    await freeze(name, 'ana', { ...onlyFor(shop), to: new Date(Date.now() + 2_000).toISOString() });
    expect(await freezesOf(shop)).toEqual([name]);
    await waitFor('the calendar to let it go', async () => (await calendar().query(calendarQuery)).freezes.every((each) => each.name !== name));
    await waitFor('the pipeline to be told', async () => (await freezesOf(shop)).length === 0);
  });

  it('is known to a pipeline that comes later', async () => {
    const name = `sales-${randomUUID()}`;
    await freeze(name, 'ana');
    const shop = await newPipeline();
    await waitFor('it to be told', async () => (await freezesOf(shop)).includes(name));
    await lift(name, 'ana');
    expect(await freezesOf(shop)).toEqual([]);
  });

  it('is read without a worker', async () => {
    const name = `sales-${randomUUID()}`;
    await freeze(name, 'ana');
    const memo = (await calendar().describe()).memo as CalendarMemo;
    expect(memo.calendar.freezes.map((each) => each.name)).toContain(name);
    await lift(name, '*');
  });
});

describe('a block', () => {
  const block = (name: string, version: string, pipeline: string) =>
    calendar().executeUpdate(blockUpdate, { args: [{ name, by: 'eve', request: { version, pipelines: [pipeline], reason: 'it leaks' } }] });

  it('keeps a release from being shipped by the pipelines that it names, until it is lifted', async () => {
    const [shop, mail] = [await newPipeline(), await newPipeline()];
    const name = `cve-${randomUUID()}`;
    expect(await block(name, '1.1.0', shop.name)).toMatchObject({ created: true, block: { name, by: 'eve', reason: 'it leaks' } });
    expect(await block(name, '1.1.0', shop.name)).toMatchObject({ created: false });
    await expect(shop.ship('1.1.0')).rejects.toMatchObject({ cause: { type: 'ReleaseBlocked', message: expect.stringContaining('it leaks') as string } });
    await mail.ship('1.1.0').then(({ rollout }) => mail.untilEnded(rollout));
    await calendar().executeUpdate(unblockUpdate, { args: [{ name, by: 'eve' }] });
    await expect(calendar().executeUpdate(unblockUpdate, { args: [{ name, by: 'eve' }] })).rejects.toMatchObject({ cause: { type: 'BlockNotFound' } });
    expect((await shop.untilEnded((await shop.ship('1.1.0')).rollout)).status).toBe('succeeded');
  });
});

describe('a calendar', () => {
  it('whose history has grown long begins a new one, and loses no change that comes meanwhile, and no answer', async () => {
    const nobody: Partial<FreezeRequest> = { scope: { pipelines: ['nobody'] } };
    const hold = (number: number) => freeze(`kept-${number}`, 'ana', nobody);
    const first = await freeze('first', 'ana', nobody, { updateId: 'the-first', fingerprint: 'abc' });
    const { runId } = await calendar().describe();
    // Freezes come while the history grows; a run is long at 2,000 events. A calendar keeps 200 holds: the 150th is asked for again and again.
    const held = new Set<number>();
    for (let asked = 0; (await calendar().describe()).runId === runId; asked += 5) {
      const numbers = [0, 1, 2, 3, 4].map((each) => Math.min(asked + each, 150));
      await Promise.all([...new Set(numbers)].map(hold));
      numbers.forEach((number) => held.add(number));
      await Promise.all(Array.from({ length: 100 }, () => calendar().signal(subscribeSignal, { pipeline: 'nobody' })));
    }
    const names = (await calendar().query(calendarQuery)).freezes.map(({ name }) => name);
    expect(names.toSorted()).toEqual(['first', ...[...held].map((number) => `kept-${number}`)].toSorted());
    expect(await freeze('first', 'ana', nobody, { updateId: 'the-first', fingerprint: 'abc' })).toEqual(first);
    for (const name of names) await lift(name, '*');
  });

  it('that is begun anew tells every pipeline: what one that was lost has said counts no more', async () => {
    const shop = await newPipeline();
    await waitFor('it to be listed', async () => (await stage.client.workflow.count(`WorkflowId='pipeline/${shop.name}'`)).count === 1);
    await freeze('lost', 'ana', onlyFor(shop));
    expect(await freezesOf(shop)).toEqual(['lost']);
    await calendar().terminate('by mistake');
    await freeze('new', 'ana', { scope: { pipelines: ['nobody'] } });
    await waitFor('the pipeline to forget it', async () => (await freezesOf(shop)).length === 0);
  });
});
