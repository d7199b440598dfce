import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../src/judge/sample.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { regionWorkflowId } from '../../src/rollout/ids.js';
import { comparisonSignal, regionQuery, soakNewsSignal, type Comparison } from '../../workflows/messages/region.js';
import { onlyProduction, onlySydney, openStage, type Scene, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const regions = ['sydney', 'frankfurt', 'virginia'];
const share = (bad: number): Sample => ({ kind: 'ratio', bad, total: 1_000 });

/** Every region of production runs 1.0.0, with two bad requests in a hundred, and the board knows. */
async function running(changes: Record<string, unknown> = {}): Promise<Scene> {
  const scene = stage.scene();
  for (const region of regions) {
    scene.world.running.set(`production/${region}`, { version: '1.0.0' });
    scene.world.metrics.set(`production/${region}`, () => share(20));
  }
  await scene.apply({ ...onlyProduction, checks, ...changes });
  await waitFor('what runs there is known', async () => (await scene.pipeline()).board.every(({ release }) => release === '1.0.0') || undefined);
  return scene;
}

const checks = [{ name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.9 }];

/** What the last soak of a region was given by its rollout. */
async function comparisonOf(rollout: string, region: string): Promise<Comparison> {
  const { events } = await stage.client.workflow.getHandle(regionWorkflowId(rollout, { environment: 'production', region })).fetchHistory();
  const signals = events!.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => (signal?.signalName === comparisonSignal.name ? [signal] : []));
  return defaultPayloadConverter.fromPayload<Comparison>(signals.at(-1)!.input!.payloads![0]!);
}

describe('the soak of a region', () => {
  it('is compared with the regions that do not change, those before it among them, and is handed what they have found', async () => {
    const scene = await running();
    const { rollout } = await scene.ship('1.1.0');
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    expect(end.regions.map(({ region, soak }) => [region, soak?.controls])).toEqual([
      ['sydney', ['virginia', 'frankfurt']], ['frankfurt', ['virginia', 'sydney']], ['virginia', ['frankfurt', 'sydney']],
    ]);
    const [sydney, frankfurt, virginia] = await Promise.all(regions.map((region) => comparisonOf(rollout, region)));
    expect(sydney).toMatchObject({ carried: {}, budgetLeft: null, controls: [{ region: 'virginia', release: '1.0.0', metrics: { type: 'scrape' }, variables: [] }, {}] });
    expect(frankfurt?.carried.errors).toBe(end.regions[0]?.soak?.checks[0]?.logE);
    expect(virginia?.carried.errors).toBe(end.regions[1]?.soak?.checks[0]?.logE);
    expect(virginia?.controls.map(({ release }) => release)).toEqual(['1.1.0', '1.1.0']);
  });

  it('is compared with what stays as it is from then on, however long it has waited at a gate while others were shipped', async () => {
    const together = [['sydney', 'frankfurt', 'virginia']];
    const scene = await running({ lifecycle: [{ environment: 'production', waves: together, concurrency: 2, regionGates: [{ name: 'change-board', type: 'webhook', url: 'http://127.0.0.1/gate', interval: '1s' }] }] });
    let isOpen = false;
    scene.world.gatekeeper = async (_gate, { region }) => ({ isOpen: region !== 'sydney' || isOpen, saw: 'as it is' });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/virginia', 'live');
    const { regions: seen } = await scene.untilRegion(rollout, 'production/sydney', 'gated');
    expect(seen.find(({ region }) => region === 'frankfurt')?.soak?.controls).toEqual([]);
    isOpen = true;
    const end = await scene.untilEnded(rollout);
    expect(end.regions.find(({ region }) => region === 'sydney')?.soak?.controls).toEqual(['virginia', 'frankfurt']);
    const { controls, carried } = await comparisonOf(rollout, 'sydney');
    expect(controls.map(({ release }) => release)).toEqual(['1.1.0', '1.1.0']);
    expect(carried).toHaveProperty('errors');
  });

  it('has its own past alone where nothing else serves', async () => {
    const scene = await running(onlySydney);
    const { rollout } = await scene.ship('1.1.0');
    const end = await scene.untilEnded(rollout);
    expect(end.regions[0]?.soak?.controls).toEqual([]);
  });
});

describe('the error budget of a rollout', () => {
  it('holds it once the release has cost more, whatever the policy says of regressions, and lets it go on when somebody says so', async () => {
    const soak = { min: '1s', max: '5s', interval: '1s', minSamples: 100, onInconclusive: 'continue' };
    const scene = await running({ policy: { errorBudget: 5, onRegression: 'rollback' }, soak });
    scene.world.metrics.set('production/sydney@1.1.0', () => share(28));
    const { rollout } = await scene.ship('1.1.0');
    const held = await scene.until(rollout, 'held');
    expect(held.failure).toMatchObject({ code: 'ErrorBudgetSpent' });
    expect(held.failure?.message).toMatch(/^1\.1\.0 has cost \d+ bad requests in production\/sydney, 5 is the budget\. Resume to let it cost 5 more, or rollback or abort\.$/);
    expect(held.budget?.limit).toBe(5);
    expect(held.budget?.spent).toBeGreaterThan(5);
    expect(held.regions.map(({ attempts }) => attempts)).toEqual([1, 0, 0]);
    scene.world.metrics.set('production/sydney@1.1.0', () => share(20));
    await scene.decide(rollout, 'resume', { reason: 'it was the bank' });
    const on = await scene.untilRegion(rollout, 'production/frankfurt', 'live');
    expect(on.budget?.limit).toBe(held.budget!.spent + 5);
    expect(on.timeline.filter(({ text }) => text.startsWith('goes on though')).map(({ by }) => by)).toEqual(['ben']);
    expect(scene.world.notices.filter(({ kind }) => kind === 'held')).toHaveLength(1);
    expect(scene.world.told('undo')).toEqual([]);
    expect((await comparisonOf(rollout, 'sydney')).budgetLeft).toBe(5);
    expect((await comparisonOf(rollout, 'frankfurt')).budgetLeft).toBeCloseTo(5, 6);
    await scene.decide(rollout, 'abort', { reason: 'seen enough' });
    expect(await scene.untilEnded(rollout)).toMatchObject({ status: 'aborted', budget: { limit: on.budget!.limit } });
  });

  it('keeps nothing from starting once somebody goes on, though the soak that has spent it is not over', async () => {
    const soak = { min: '2s', max: '1h', interval: '1s', minSamples: 100 };
    const scene = await running({ lifecycle: [{ environment: 'production', waves: [regions], concurrency: 2 }], policy: { errorBudget: 5 }, soak });
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await spend(rollout, 12);
    await scene.until(rollout, 'held');
    await scene.untilRegion(rollout, 'production/frankfurt', 'live');
    await scene.decide(rollout, 'resume', { reason: 'it was the bank' });
    const on = await scene.untilRegion(rollout, 'production/virginia', 'live');
    expect(on).toMatchObject({ status: 'running', waitingFor: [], budget: { spent: 12, limit: 17 } });
    expect(on.regions.find(({ region }) => region === 'sydney')?.status).toBe('soaking');
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });

  it('is asked about by itself: who resumes after anything else has not gone past it', async () => {
    const soak = { min: '30m', max: '1h', interval: '1s', minSamples: 100 };
    const scene = await running({ lifecycle: [{ environment: 'production', waves: [['sydney', 'frankfurt']] }], policy: { errorBudget: 5 }, soak });
    scene.world.trouble.set('production/frankfurt', (verb) => {
      if (verb === 'verify') throw new MeridianFailure('VerifyFailed', 'it does not answer');
    });
    const { rollout } = await scene.ship('1.1.0');
    expect((await scene.until(rollout, 'held')).failure?.code).toBe('VerifyFailed');
    await spend(rollout, 12);
    await waitFor('the rollout to know it', async () => (await scene.view(rollout)).budget?.spent === 12);
    const { rollout: resumed } = await scene.decide(rollout, 'resume', { reason: 'the network was down' });
    expect(resumed).toMatchObject({ status: 'held', failure: { code: 'ErrorBudgetSpent' }, budget: { spent: 12, limit: 5 } });
    scene.world.trouble.clear();
    const { rollout: again } = await scene.decide(rollout, 'resume', { reason: 'seen' });
    expect(again.budget).toEqual({ spent: 12, limit: 17 });
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });
});

/** The watch of sydney says so, and nothing else from then on. */
async function spend(rollout: string, attributable: number): Promise<void> {
  const handle = stage.client.workflow.getHandle(regionWorkflowId(rollout, { environment: 'production', region: 'sydney' }));
  const soak = await waitFor('a first look', async () => {
    const { soak: seen } = await handle.query(regionQuery);
    return seen?.checks.length ? seen : undefined;
  });
  await handle.signal(soakNewsSignal, { soak: soak.startedAt, number: 1_000, verdict: { decision: 'hold', cause: 'budget', explanation: 'it has cost too much', checks: soak.checks.map((check) => ({ ...check, attributable })) } });
}
