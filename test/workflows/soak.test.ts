import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../src/judge/sample.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import { soakNewsSignal, type SoakFinding } from '../../workflows/messages/region.js';
import { healthy, sick, silent } from '../support/fake-world.js';
import { onlyProduction, onlySydney, openStage, type Scene, type Stage } from '../support/stage.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(temporalAddress());
});
afterAll(() => stage.close());

const sydney = 'production/sydney@1.1.0';
const failing: Sample = { kind: 'error', reason: 'the server answered 500' };
/** Too little to prove anything by. */
const scarce: Sample = { kind: 'ratio', bad: 0, total: 1 };
/** Worse than the controls, and not by so much that it is beyond doubt. */
const doubtful = { region: (): Sample => ({ kind: 'ratio', bad: 20, total: 1_000 }), controls: (): Sample => ({ kind: 'ratio', bad: 5, total: 1_000 }) };

const soakOf = (soak: Record<string, unknown>) => ({ soak: { interval: '1s', minSamples: 100, ...soak } });
const regionOf = (rollout: string): Promise<RegionState> => stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`).query<RegionState>('status');
const decision = async (rollout: string, ...decisions: string[]): Promise<RegionState> =>
  waitFor(`the judge to say ${decisions.join(' or ')}`, async () => {
    const region = await regionOf(rollout);
    return decisions.includes(region.soak?.decision ?? '') ? region : undefined;
  });

async function begin(changes: Record<string, unknown>): Promise<{ scene: Scene; rollout: string }> {
  const scene = stage.scene();
  await scene.apply(changes);
  const { rollout } = await scene.ship('1.1.0');
  await scene.untilRegion(rollout, 'production/sydney', 'soaking');
  return { scene, rollout };
}

async function beginWith(sample: () => Sample, changes: Record<string, unknown>): Promise<{ scene: Scene; rollout: string }> {
  const scene = stage.scene();
  scene.world.metrics.set(sydney, sample);
  await scene.apply(changes);
  const { rollout } = await scene.ship('1.1.0');
  return { scene, rollout };
}

describe('a soak without data', () => {
  it.each([['no data', silent, 'NoData'], ['a source that fails', failing, 'MetricSourceFailed']] as const)(
    'is held, and goes on by itself when data comes: %s', async (_title, silence, code) => {
      let sample: Sample = silence;
      const { scene, rollout } = await beginWith(() => sample, { ...onlySydney, ...soakOf({ min: '300ms', max: '10s' }) });
      const held = await scene.until(rollout, 'held');
      expect(held).toMatchObject({ failure: { code, message: expect.stringContaining('It goes on by itself when data comes') }, regions: [{ status: 'held' }] });
      expect(scene.world.notices.map(({ kind }) => kind)).toContain('held');
      sample = healthy;
      const end = await scene.untilEnded(rollout);
      expect(end).toMatchObject({ status: 'succeeded', regions: [{ status: 'live', attempts: 1 }] });
      expect(end.failure).toBeUndefined();
      expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0']);
      expect(end.timeline.some(({ text }) => text.startsWith('resume'))).toBe(false);
    });

  it('stops the clock and lets nothing new start, and both go on when the data is back', async () => {
    let sample: Sample = healthy;
    const { scene, rollout } = await beginWith(() => sample, { ...onlySydney, ...soakOf({ min: '30s', max: '1h' }) });
    await decision(rollout, 'continue');
    sample = silent;
    await decision(rollout, 'no-data');
    const waiting = await scene.until(rollout, 'waiting');
    expect(waiting.waitingFor).toMatchObject([{ type: 'soak', gate: 'soak', region: 'sydney', needs: expect.stringContaining('the source answered nothing') }]);
    expect(waiting.why).toMatch(/^Waiting for the soak of production\/sydney: .*the source answered nothing/);
    const { soak: stopped } = await regionOf(rollout);
    expect(stopped?.countingSince).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await regionOf(rollout)).soak?.credited).toBe(stopped?.credited);
    sample = healthy;
    await scene.until(rollout, 'running');
    await waitFor('the clock to run', async () => (await regionOf(rollout)).soak?.countingSince);
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });

  it('keeps every other region from starting, also one whose turn has come', async () => {
    let sample: Sample = healthy;
    const waves = { environment: 'production', waves: [['sydney', 'frankfurt', 'virginia']], concurrency: 2 };
    const { scene, rollout } = await beginWith(() => sample, { lifecycle: [waves], ...soakOf({ min: '12s', max: '1h' }) });
    await decision(rollout, 'continue');
    sample = silent;
    const waiting = await scene.untilRegion(rollout, 'production/frankfurt', 'live');
    expect(waiting).toMatchObject({ status: 'waiting', waitingFor: [{ type: 'soak', region: 'sydney' }] });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(scene.world.told('deploy')).not.toContain('production/virginia:1.1.0');
    sample = healthy;
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('that turns out to be bad is undone, though it was held, and people are told', async () => {
    let sample: Sample = silent;
    const { scene, rollout } = await beginWith(() => sample, { ...onlySydney, ...soakOf({ min: '300ms', max: '9s' }) });
    await scene.until(rollout, 'held');
    sample = sick;
    const bad = await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(bad).toMatchObject({ status: 'held', failure: { code: 'RegionRegressed' } });
    await waitFor('people to be told again', () => scene.world.notices.filter(({ kind }) => kind === 'held').length === 2);
    await scene.decide(rollout, 'abort', { reason: 'bad' });
  });
});

describe('a soak that has proven nothing', () => {
  const inconclusive = (policy: string) => ({ ...onlySydney, ...soakOf({ min: '300ms', max: '4s', minSamples: 1_000_000, onInconclusive: policy }) });

  it('asks a person, who lets it through with a reason', async () => {
    const { scene, rollout } = await beginWith(() => scarce, inconclusive('ask'));
    const held = await scene.until(rollout, 'held');
    expect(held.failure).toMatchObject({ code: 'SoakInconclusive', message: expect.stringContaining('Approve to let it through, reject to undo it, resume to soak again') });
    await waitFor('a person to be asked', async () => (await scene.view(rollout)).waitingFor.some(({ type }) => type === 'soak'));
    await expect(scene.decide(rollout, 'approve')).rejects.toMatchObject({ cause: { type: 'InvalidRequest' } });
    await scene.decide(rollout, 'approve', { reason: 'nobody shops at night', roles: [] });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded', waitingFor: [], regions: [{ status: 'live', note: 'ben let it through: nobody shops at night' }] });
    expect(end.timeline).toContainEqual(expect.objectContaining({ kind: 'decision', by: 'ben', text: 'approve: nobody shops at night' }));
    expect((await scene.pipeline()).board[0]).toMatchObject({ release: '1.1.0', verified: true });
  });

  it('asks a person, who rejects it: that region is undone, and the rollout held', async () => {
    const { scene, rollout } = await beginWith(() => scarce, { ...inconclusive('ask'), ...onlyProduction });
    await waitFor('a person to be asked', async () => (await scene.view(rollout)).waitingFor.some(({ type }) => type === 'soak'));
    await scene.decide(rollout, 'reject', { reason: 'not on a Friday', roles: [] });
    const held = await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(held).toMatchObject({ status: 'held', waitingFor: [], failure: { code: 'ApprovalRejected', message: 'ben rejected 1.1.0 in production/sydney: not on a Friday' } });
    expect(scene.world.told('deploy')).toEqual(['production/sydney:1.1.0']);
    await scene.decide(rollout, 'abort', { reason: 'over' });
  });

  it('takes one answer: after a resume it soaks, and nobody is asked', async () => {
    const { scene, rollout } = await beginWith(() => scarce, inconclusive('ask'));
    await waitFor('a person to be asked', async () => (await scene.view(rollout)).waitingFor.some(({ type }) => type === 'soak'));
    const { rollout: resumed } = await scene.decide(rollout, 'resume');
    expect(resumed.regions[0]?.status).toBe('soaking');
    await expect(scene.decide(rollout, 'approve', { reason: 'quick' })).rejects.toMatchObject({ cause: { type: 'DecisionRefused' } });
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });

  it('asks a person also where another region holds the rollout already, which then goes on by itself', async () => {
    let sample: Sample = silent;
    const together = { lifecycle: [{ environment: 'production', waves: [['sydney', 'frankfurt']] }] };
    const scene = stage.scene();
    scene.world.metrics.set(sydney, () => sample);
    scene.world.metrics.set('production/frankfurt@1.1.0', () => scarce);
    await scene.apply({ ...together, ...soakOf({ min: '300ms', max: '9s', minSamples: 1_000 }) });
    const { rollout } = await scene.ship('1.1.0');
    const asked = await waitFor('a person to be asked', async () => {
      const view = await scene.view(rollout);
      return view.waitingFor.some(({ region }) => region === 'frankfurt') && view.regions.every(({ status }) => status === 'held') ? view : undefined;
    });
    expect(asked).toMatchObject({ status: 'held', failure: { code: 'SoakInconclusive' } });
    expect(scene.world.notices.filter(({ kind, text }) => kind === 'held' && text.includes('production/frankfurt has soaked'))).not.toEqual([]);
    sample = healthy;
    expect(await scene.untilRegion(rollout, 'production/sydney', 'live')).toMatchObject({ status: 'held', failure: { code: 'SoakInconclusive' } });
    await scene.decide(rollout, 'approve', { region: 'frankfurt', reason: 'nobody shops at night' });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });

  it('soaks again, from the beginning, when a person resumes the rollout', async () => {
    let sample: Sample = scarce;
    const { scene, rollout } = await beginWith(() => sample, { ...onlySydney, ...soakOf({ min: '300ms', max: '4s', minSamples: 1_000, onInconclusive: 'hold' }) });
    const held = await scene.until(rollout, 'held');
    expect(held).toMatchObject({ waitingFor: [], failure: { code: 'SoakInconclusive' } });
    const first = (await regionOf(rollout)).soak!.startedAt;
    sample = healthy;
    await scene.decide(rollout, 'resume');
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded', regions: [{ attempts: 1 }] });
    expect(end.regions[0]!.soak!.startedAt > first).toBe(true);
  });

  it('goes on where the pipeline wants that, and says so', async () => {
    const { scene, rollout } = await beginWith(() => scarce, inconclusive('continue'));
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded', regions: [{ note: expect.stringContaining('passed by the pipeline\'s policy, though nothing was proven') }] });
  });
});

describe('a soak in doubt', () => {
  /** 1.0.0 has been serving everywhere for long, so that there are controls. */
  async function served(): Promise<Scene> {
    const scene = stage.scene();
    for (const region of ['sydney', 'frankfurt', 'virginia']) scene.world.running.set(`production/${region}`, { version: '1.0.0' });
    await scene.apply({ ...onlyProduction, ...soakOf({ min: '5m', max: '1h' }) });
    await waitFor('the board to know it', async () => (await scene.pipeline()).board.every(({ release }) => release === '1.0.0'));
    return scene;
  }

  it('holds the rollout, and lets go by itself when the doubt is gone', async () => {
    const scene = await served();
    let region = doubtful.region;
    scene.world.metrics.set(sydney, () => region());
    scene.world.metrics.set('production/virginia', doubtful.controls);
    scene.world.metrics.set('production/frankfurt', doubtful.controls);
    const { rollout } = await scene.ship('1.1.0');
    const { soak } = await decision(rollout, 'hold', 'fail');
    expect(soak).toMatchObject({ decision: 'hold', cause: 'evidence', controls: ['virginia', 'frankfurt'] });
    const waiting = await scene.until(rollout, 'waiting');
    expect(waiting.waitingFor).toMatchObject([{ type: 'soak', region: 'sydney' }]);
    region = () => ({ kind: 'ratio', bad: 1, total: 1_000 });
    await scene.until(rollout, 'running');
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });

  it('that everybody shares is no fault of the release: it holds, and people are told', async () => {
    const scene = await served();
    let bad = 2;
    const calm = (step: number): Sample => ({ kind: 'ratio', bad: 1 + (step % 3), total: 1_000 });
    for (const place of ['production/sydney', 'production/virginia', 'production/frankfurt']) {
      scene.world.metrics.set(place, () => ({ kind: 'ratio', bad, total: 1_000 }));
      scene.world.pasts.set(place, (_check, { toMs, stepMs }) =>
        Array.from({ length: 1_000 }, (_, step) => ({ atMs: toMs - (1_000 - step) * stepMs, sample: calm(step * 7 + place.length) })));
    }
    const { rollout } = await scene.ship('1.1.0');
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    bad = 10;
    await waitFor('the judge to see that it is everywhere', async () => (await regionOf(rollout)).soak?.cause === 'global-incident');
    await waitFor('people to be told', () => scene.world.notices.some(({ kind }) => kind === 'waiting'));
    expect(scene.world.told('undo')).toEqual([]);
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
  });

  it('is told to people by what it is about, also while the rollout is paused, and once', async () => {
    const { scene, rollout } = await begin({ ...onlySydney, ...soakOf({ min: '1h', max: '2h' }) });
    await scene.decide(rollout, 'pause');
    const handle = stage.client.workflow.getHandle(`rollout/${rollout}/production/sydney`);
    const { startedAt } = (await decision(rollout, 'continue', 'extend')).soak!;
    const says = async (number: number, verdict: Partial<SoakFinding>): Promise<void> => {
      await handle.signal(soakNewsSignal, { soak: startedAt, number, verdict: { decision: 'hold', explanation: 'it is everywhere', checks: [], ...verdict } });
      await waitFor('the rollout to know it', async () => ((await scene.view(rollout)).waitingFor.length > 0) === (verdict.decision === undefined));
    };
    await says(1_000, { cause: 'global-incident' });
    await says(1_001, { decision: 'continue' });
    await says(1_002, { cause: 'global-incident' });
    await says(1_003, { decision: 'continue' });
    await says(1_004, { cause: 'no-reference', explanation: 'nothing to compare with' });
    await waitFor('people to be told', () => scene.world.notices.length >= 2);
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
    const told = scene.world.notices.filter(({ kind }) => kind === 'waiting').map(({ text }) => text);
    expect(told).toEqual([expect.stringContaining('The soak of production/sydney: it is everywhere. Paused by ben'), expect.stringContaining('nothing to compare with')]);
  });
});

describe('a regression', () => {
  it('that comes during a pause is undone at once', async () => {
    let sample: Sample = healthy;
    const { scene, rollout } = await beginWith(() => sample, { ...onlySydney, ...soakOf({ min: '1h', max: '2h' }) });
    await scene.untilRegion(rollout, 'production/sydney', 'soaking');
    await scene.decide(rollout, 'pause');
    sample = sick;
    const held = await scene.untilRegion(rollout, 'production/sydney', 'rolled-back');
    expect(held.failure?.code).toBe('RegionRegressed');
    await scene.decide(rollout, 'abort', { reason: 'bad' });
  });

  it('is held, not undone, where the pipeline wants a person, and soaks again after a resume', async () => {
    let sample: Sample = sick;
    const { scene, rollout } = await beginWith(() => sample, { ...onlySydney, ...soakOf({ min: '300ms', max: '1h', onFail: 'hold' }) });
    const held = await scene.until(rollout, 'held');
    expect(held).toMatchObject({ failure: { code: 'RegionRegressed' }, regions: [{ status: 'held' }] });
    expect(scene.world.told('undo')).toEqual([]);
    sample = healthy;
    await scene.decide(rollout, 'resume', { reason: 'the database was slow' });
    expect((await scene.untilEnded(rollout)).status).toBe('succeeded');
  });
});

describe('the time of a soak', () => {
  it('is its minimum where it may end early, and never less', async () => {
    const { scene, rollout } = await begin({ ...onlySydney, ...soakOf({ min: '4s', duration: '1h', max: '2h', earlyFinish: true }) });
    const end = await scene.untilEnded(rollout);
    expect(end.status).toBe('succeeded');
    expect(end.regions[0]!.soak).toMatchObject({ required: 3_600_000, decision: 'pass' });
    expect(end.regions[0]!.soak!.credited).toBeGreaterThanOrEqual(4_000);
  });

  it('is its whole duration where it may not', async () => {
    const { scene, rollout } = await begin({ ...onlySydney, ...soakOf({ min: '1s', duration: '7s', max: '1h' }) });
    const end = await scene.untilEnded(rollout);
    expect(end.regions[0]!.soak!.credited).toBeGreaterThanOrEqual(7_000);
  });

  it('is waited for where there is nothing to check', async () => {
    const { scene, rollout } = await begin({ ...onlySydney, checks: [], ...soakOf({ min: '2s', max: '1h' }) });
    const end = await scene.untilEnded(rollout);
    expect(end).toMatchObject({ status: 'succeeded', regions: [{ soak: { explanation: 'there are no checks: the soak only waits', checks: [] } }] });
  });
});

describe('a worker that dies in the middle of a soak', () => {
  it('takes no evidence with it', async () => {
    const own = await openStage(temporalAddress());
    const scene = own.scene();
    scene.world.metrics.set(sydney, () => ({ kind: 'ratio', bad: 0, total: 100 }));
    await scene.apply({ ...onlySydney, ...soakOf({ min: '1h', max: '2h' }) });
    const { rollout } = await scene.ship('1.1.0');
    const handle = own.client.workflow.getHandle(`rollout/${rollout}/production/sydney`);
    const kept = async (): Promise<{ at: string; judge: unknown; verdict: { checks: { evidence: number }[] } } | undefined> => {
      const { raw } = await handle.describe();
      const data = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'watchSoak')?.heartbeatDetails?.payloads?.[0]?.data;
      return data ? (JSON.parse(Buffer.from(data).toString('utf8')) as never) : undefined;
    };
    const before = await waitFor('some evidence', async () => {
      const state = await kept();
      return (state?.verdict.checks[0]?.evidence ?? 0) >= 300 ? state : undefined;
    });
    await own.stopWorker();
    await own.startWorker();
    const after = await waitFor('a look after that', async () => {
      const state = await kept();
      return state && state.at > before.at ? state : undefined;
    });
    expect(after.verdict.checks[0]!.evidence).toBeGreaterThanOrEqual(before.verdict.checks[0]!.evidence);
    await scene.decide(rollout, 'abort', { reason: 'seen' });
    await scene.untilEnded(rollout);
    await own.close();
  });
});
