import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaitingFor, type RegionState, type Rollout, type SoakProgress } from '../../../src/rollout/schema/rollout.js';
import { regionStatuses, rolloutStatuses, type RegionStatus } from '../../../src/rollout/states/statuses.js';
import { why, type Context } from '../../../src/rollout/control/why.js';

type Explained = Parameters<typeof why>[0];

const regionIn = (place: string, status: RegionStatus, changes: Partial<RegionState> | { tenant?: string | undefined } = {}): RegionState => {
  const [environment, region] = place.split('/');
  return { environment: environment!, region: region!, wave: 1, status, release: null, previous: null, attempts: 1, ...changes };
};
const soak = { startedAt: '2026-11-21T10:00:00.000Z', credited: 0, countingSince: null, required: 1_800_000, max: 7_200_000, decision: 'continue', explanation: 'errors is like its controls', controls: ['virginia'], checks: [] } as const satisfies Partial<SoakProgress>;
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

  it('says when it starts, and that it need not wait so long', () => {
    expect(say({ status: 'scheduled', phase: null }, { startAt: '2026-11-22T01:00:00.000Z' })).toBe('1.1.0 starts at 2026-11-22 01:00 UTC, or when somebody resumes it.');
    expect(say({ status: 'scheduled', phase: null })).toBe('1.1.0 starts at its time, or when somebody resumes it.');
  });

  it('says for whom it makes way, and which regions are finished first', () => {
    const regions = [regionIn('production/sydney', 'deploying'), regionIn('production/oslo', 'pending'), regionIn('production/virginia', 'superseded')];
    for (const status of ['running', 'waiting', 'held'] as const) {
      expect(say({ status, regions, waitingFor: [goNoGo] }, { supersededBy: 'shop-13' })).toBe('Makes way for shop-13 once production/sydney is done; nothing new starts.');
    }
    const two = [...regions, regionIn('production/frankfurt', 'verifying', { tenant: 'acme' })];
    expect(say({ regions: two }, { supersededBy: 'shop-13' })).toBe('Makes way for shop-13 once production/sydney and production/frankfurt/acme are done; nothing new starts.');
    expect(say({ regions: [] }, { supersededBy: 'shop-13' })).toBe('Makes way for shop-13; nothing new starts.');
    // Paused it keeps its place until a person resumes it.
    expect(say({ status: 'paused', regions }, { supersededBy: 'shop-13' })).toBe('Paused until somebody resumes it; the watch goes on.');
  });

  it('says what it does where, and how long a soak takes', () => {
    expect(say({ phase: null })).toBe('Checking that 1.1.0 has all that it needs; nothing is changed yet.');
    expect(say({ regions: [regionIn('production/sydney', 'live'), regionIn('production/frankfurt', 'pending')] })).toBe('Shipping 1.1.0 to production.');
    expect(say({ regions: [regionIn('production/sydney', 'soaking', { soak }), regionIn('production/frankfurt', 'deploying')] }))
      .toBe('Shipping 1.1.0 to production: soaking sydney for 30m (at most 2h); deploying frankfurt.');
    const extended = { ...soak, decision: 'extend' as const, needs: 364_000, explanation: 'errors ×1.3 (95 %: 0.9–1.9) against virginia' };
    expect(say({ regions: [regionIn('production/sydney', 'soaking', { soak: extended })] }, { provenBy: { 'production/sydney': '2026-11-21T14:20:31.000Z' } }))
      .toBe('Shipping 1.1.0 to production: soaking sydney, not proven safe yet (errors ×1.3 (95 %: 0.9–1.9) against virginia), which takes until about 2026-11-21 14:20 UTC; at most 2h in all.');
    expect(say({ regions: [regionIn('production/sydney', 'verifying', { tenant: 'acme' })] })).toBe('Shipping 1.1.0 to production: verifying sydney/acme.');
    expect(say({ regions: ['a', 'b', 'c', 'd', 'e'].map((region) => regionIn(`production/${region}`, 'verifying')) }))
      .toBe('Shipping 1.1.0 to production: verifying a; verifying b; verifying c; and 2 more.');
  });
});

describe('a rollout that waits for a person', () => {
  it('names each gate, what it needs, and until when', () => {
    expect(say({ status: 'waiting', waitingFor: [goNoGo] }))
      .toBe('Waiting for go-no-go in production: approval by release-manager, within 1d, until 2026-11-22 10:00 UTC.');
    const { until: _end, ...held } = { ...goNoGo, gate: 'soak', type: 'soak' as const, region: 'sydney', needs: 'errors ×2.3 (95 %: 1.7–3.1) against virginia; evidence 34 : 1' };
    expect(say({ status: 'waiting', waitingFor: [held] })).toBe(`Waiting for the soak of production/sydney: ${held.needs}.`);
    const { until: _until, ...quiet } = { ...goNoGo, gate: 'quiet', region: 'sydney', needs: 'approval by sre' };
    expect(say({ status: 'waiting', waitingFor: [goNoGo, quiet] })).toBe(
      'Waiting for go-no-go in production: approval by release-manager, within 1d, until 2026-11-22 10:00 UTC; and for quiet in production/sydney: approval by sre.',
    );
  });

  it('names regions together that wait for the same', () => {
    const windows = ['sydney', 'oslo', 'virginia', 'frankfurt', 'tokyo'].map((region) =>
      ({ ...goNoGo, gate: 'tonight', type: 'window' as const, region, needs: 'the off-peak hours of the region' }));
    expect(say({ status: 'waiting', waitingFor: windows })).toBe(
      'Waiting for tonight in production/sydney, production/oslo, production/virginia and 2 more: the off-peak hours of the region, opens at 2026-11-22 10:00 UTC.',
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

  it('says where it goes on from there, and which places it left out', () => {
    const regions = [regionIn('staging/frankfurt', 'live'), regionIn('staging/oslo', 'skipped')];
    expect(say({ status: 'succeeded', regions: [regions[0]!] }, { next: 'production' })).toBe('1.1.0 is live and verified in staging; promote it to go on to production.');
    expect(say({ status: 'succeeded', regions }, { next: 'production', promoteTo: 'production' }))
      .toBe('1.1.0 is live and verified in staging, but not in staging/oslo; it goes on to production.');
    expect(say({ status: 'succeeded', regions: [] })).toBe('1.1.0 already runs, verified, wherever it was to go.');
  });

  it('says what was passed over on the way, by whom and why', () => {
    const overrides = [{ by: 'ana', at: '2026-11-21T10:00:00.000Z', what: 'staging', reason: 'the shop is down' }, { by: 'ben', at: '2026-11-21T10:00:00.000Z', what: 'go-no-go in production', reason: 'nobody awake' }];
    expect(say({ status: 'succeeded', regions: [regionIn('production/sydney', 'live')] }, { overrides }))
      .toBe('1.1.0 is live and verified in production; ana passed over staging (the shop is down); ben passed over go-no-go in production (nobody awake).');
  });

  it('says who has taken its place, and what it has left there unverified', () => {
    const regions = [regionIn('staging/frankfurt', 'live'), regionIn('production/sydney', 'superseded'), regionIn('production/oslo', 'pending')];
    expect(say({ status: 'superseded', regions }, { supersededBy: 'shop-13' }))
      .toBe('shop-13 has taken its place: kept in staging/frankfurt; kept unverified in production/sydney.');
    expect(say({ status: 'superseded', regions: [] })).toBe('A newer rollout has taken its place: no region was changed.');
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
  const regions = fc.array(fc.tuple(fc.constantFrom('staging', 'production'), fc.constantFrom('sydney', 'oslo'), fc.constantFrom(...regionStatuses), fc.constantFrom('acme', undefined))
    .map(([environment, region, status, tenant]) => regionIn(`${environment}/${region}`, status, { tenant })), { minLength: 1, maxLength: 8 });
  const time = fc.constantFrom('2026-11-22T01:00:00.000Z', undefined);
  const contexts = fc.record({
    behind: fc.constantFrom('shop-1', null), decision: fc.constantFrom('ana', 'ana (why not)', undefined), goal: fc.constantFrom('aborted' as const, 'rolled-back' as const, undefined),
    startAt: time, supersededBy: fc.constantFrom('shop-3', undefined),
    overrides: fc.option(fc.subarray([{ by: 'ana', at: goNoGo.since, what: 'staging', reason: 'why not' }]), { nil: undefined }),
  });
  const waits = fc.record({
    type: fc.constantFrom(...WaitingFor.shape.type.options), until: time, wave: fc.constantFrom(2, undefined), region: fc.constantFrom('sydney', undefined),
    approvals: fc.constantFrom(undefined, [{ by: 'ana', at: goNoGo.since }]),
  }).map((changes) => WaitingFor.parse({ ...goNoGo, ...changes }));
  const rollouts = fc.record({
    status: fc.constantFrom(...rolloutStatuses), phase: fc.constantFrom('production', null), regions, waitingFor: fc.array(waits, { minLength: 1, maxLength: 5 }),
    failure: fc.constantFrom({ code: 'NoData', message: 'nothing was seen' }, { code: 'NoData', message: 'nothing was seen.' }),
  });
  fc.assert(fc.property(rollouts, contexts, (rollout, context) => {
    const text = say(rollout, context);
    expect(text).toMatch(/^[A-Za-z0-9][^\n]*[^.\s]\.$/);
    expect(text).not.toMatch(/undefined|null|\[object|\(\)| {2}|,,|: \.|\. [A-Z]/);
  }), { numRuns: 500 });
});
