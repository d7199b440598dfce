import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegionState, Rollout } from '../../src/rollout/schema/rollout.js';
import { regionStatuses, rolloutStatuses, type RegionStatus } from '../../src/rollout/statuses.js';
import { why, type Context } from '../../src/rollout/why.js';

type Explained = Parameters<typeof why>[0];

const regionIn = (place: string, status: RegionStatus, changes: Partial<RegionState> = {}): RegionState => {
  const [environment, region] = place.split('/');
  return { environment: environment!, region: region!, wave: 1, status, release: null, previous: null, attempts: 1, ...changes };
};
const soak = { startedAt: '2026-11-21T10:00:00.000Z', credited: 0, countingSince: null, required: 1_800_000, max: 7_200_000, checks: [] };
const goNoGo: Rollout['waitingFor'][number] = {
  gate: 'go-no-go', type: 'approval', environment: 'production', since: '2026-11-21T10:00:00.000Z', until: '2026-11-22T10:00:00.000Z',
  needs: 'approval by release-manager, within 1d',
};

const say = (changes: Partial<Explained>, context: Context = {}): string =>
  why({ status: 'running', release: '1.1.0', pipeline: 'shop', phase: 'production', regions: [], waitingFor: [], ...changes }, context);

describe('a rollout that goes on', () => {
  it('says behind whom it waits in line', () => {
    expect(say({ status: 'queued', phase: null }, { behind: 'shop-11' })).toBe('Queued behind shop-11 until it ends.');
    expect(say({ status: 'queued', phase: null }, { behind: null })).toBe('Queued until its environments are free.');
  });

  it('says what it does where, and how long a soak takes', () => {
    expect(say({ phase: null })).toBe('Checking that 1.1.0 has all that it needs; nothing is changed yet.');
    expect(say({ regions: [regionIn('production/sydney', 'live'), regionIn('production/frankfurt', 'pending')] })).toBe('Shipping 1.1.0 to production.');
    expect(say({ regions: [regionIn('production/sydney', 'soaking', { soak }), regionIn('production/frankfurt', 'deploying')] }))
      .toBe('Shipping 1.1.0 to production: soaking sydney for 30m (at most 2h); deploying frankfurt.');
    expect(say({ regions: ['a', 'b', 'c', 'd', 'e'].map((region) => regionIn(`production/${region}`, 'verifying')) }))
      .toBe('Shipping 1.1.0 to production: verifying a; verifying b; verifying c; and 2 more.');
  });
});

describe('a rollout that waits for a person', () => {
  it('names each gate, what it needs, and until when', () => {
    expect(say({ status: 'waiting', waitingFor: [goNoGo] }))
      .toBe('Waiting for go-no-go in production: approval by release-manager, within 1d, until 2026-11-22 10:00 UTC.');
    const { until: _until, ...quiet } = { ...goNoGo, gate: 'quiet', region: 'sydney', needs: 'approval by sre' };
    expect(say({ status: 'waiting', waitingFor: [goNoGo, quiet] })).toBe(
      'Waiting for go-no-go in production: approval by release-manager, within 1d, until 2026-11-22 10:00 UTC; and for quiet in production/sydney: approval by sre.',
    );
  });

  it('says who paused it and why', () => {
    expect(say({ status: 'paused' }, { decision: 'ana (the metrics look odd)' }))
      .toBe('Paused by ana (the metrics look odd) until somebody resumes it; the watch goes on.');
    expect(say({ status: 'paused' })).toBe('Paused until somebody resumes it; the watch goes on.');
  });

  it('says what can be decided, and the failure word for word', () => {
    expect(say({ status: 'held', failure: { code: 'RegionRegressed', message: 'production/sydney got worse with 1.1.0: 4 % bad, limit 1 %.' } }))
      .toBe('Held until you resume (try again), rollback or abort: production/sydney got worse with 1.1.0: 4 % bad, limit 1 %.');
    expect(say({ status: 'stuck', failure: { code: 'UndoFailed', message: 'The undo of production/sydney does not work: connection refused' } }))
      .toBe('Stuck until you retry, or skip with a reason: The undo of production/sydney does not work: connection refused.');
  });
});

describe('a rollout that goes back', () => {
  const regions = [regionIn('staging/frankfurt', 'live'), regionIn('production/sydney', 'rolling-back'), regionIn('production/virginia', 'soaking', { soak }), regionIn('production/oslo', 'pending')];

  it('names every region that it still has to take back', () => {
    expect(say({ status: 'rolling-back', regions }, { goal: 'rolled-back', decision: 'ana (customers called)' })).toBe(
      'Rolling back 1.1.0, as decided by ana (customers called): 3 regions to go (staging/frankfurt, production/sydney and production/virginia).',
    );
    expect(say({ status: 'rolling-back', regions: [regionIn('staging/frankfurt', 'rolled-back')] }, { goal: 'rolled-back', decision: 'ana' }))
      .toBe('Rolling back 1.1.0, as decided by ana: almost done.');
  });

  it('leaves alone what is live when it is aborted', () => {
    expect(say({ status: 'rolling-back', regions: regions.filter(({ status }) => status !== 'soaking') }, { goal: 'aborted', decision: 'ana (not today)' }))
      .toBe('Aborting 1.1.0, as decided by ana (not today): 1 region to go (production/sydney).');
  });

  it('is only the region that goes back, while nobody has stopped the walk', () => {
    expect(say({ status: 'rolling-back', regions })).toBe('Rolling back production/sydney; nothing new starts until that is done.');
  });
});

describe('a rollout that has ended', () => {
  const environments = ['staging', 'canary', 'production'];

  it('says where the release is live', () => {
    expect(say({ status: 'succeeded', regions: environments.map((environment) => regionIn(`${environment}/sydney`, 'live')) }))
      .toBe('1.1.0 is live and verified in staging, canary and production.');
  });

  it('says what it has left where, and who wanted it so', () => {
    const regions = [
      regionIn('staging/frankfurt', 'live'), regionIn('production/sydney', 'rolled-back'), regionIn('production/oslo', 'failed'), regionIn('production/virginia', 'skipped'),
    ];
    expect(say({ status: 'aborted', regions }, { decision: 'ana (not today)' }))
      .toBe('Aborted by ana (not today): kept in staging/frankfurt; undone in production/sydney; left to a person in production/oslo.');
    expect(say({ status: 'rolled-back', regions: [regionIn('production/sydney', 'rolled-back')] }, { decision: 'policy (policy.onRegression: 4 % bad)' }))
      .toBe('1.1.0 was rolled back by policy (policy.onRegression: 4 % bad): undone in production/sydney.');
    expect(say({ status: 'aborted', regions: [regionIn('production/sydney', 'pending')] })).toBe('Aborted: no region was changed.');
  });

  it('names only three of many regions', () => {
    const regions = ['a', 'b', 'c', 'd', 'e'].map((region) => regionIn(`production/${region}`, 'rolled-back'));
    expect(say({ status: 'rolled-back', regions })).toContain('undone in production/a, production/b, production/c and 2 more.');
  });

  it('says what was missing when it could not begin', () => {
    expect(say({ status: 'failed', failure: { code: 'ArtifactMissing', message: 'there is no folder /releases/1.1.0' } }))
      .toBe('Failed before anything was changed: there is no folder /releases/1.1.0.');
  });
});

it('is always one sentence with all its words, whatever the rollout looks like', () => {
  const regions = fc.array(fc.tuple(fc.constantFrom('staging', 'production'), fc.constantFrom('sydney', 'oslo'), fc.constantFrom(...regionStatuses))
    .map(([environment, region, status]) => regionIn(`${environment}/${region}`, status)), { minLength: 1, maxLength: 8 });
  const contexts = fc.record({
    behind: fc.constantFrom('shop-1', null), decision: fc.constantFrom('ana', 'ana (why not)', undefined), goal: fc.constantFrom('aborted' as const, 'rolled-back' as const, undefined),
  });
  const rollouts = fc.record({
    status: fc.constantFrom(...rolloutStatuses), phase: fc.constantFrom('production', null), regions, waitingFor: fc.subarray([goNoGo], { minLength: 1 }),
    failure: fc.constantFrom({ code: 'NoData', message: 'nothing was seen' }, { code: 'NoData', message: 'nothing was seen.' }),
  });
  fc.assert(fc.property(rollouts, contexts, (rollout, context) => {
    const text = say(rollout, context);
    expect(text).toMatch(/^[A-Z0-9][^\n]*[^.\s]\.$/);
    expect(text).not.toMatch(/undefined|null|\[object|\(\)| {2}|,,|: \.|\. [A-Z]/);
  }));
});
