import type { CheckResult, RegionState, Rollout, SoakProgress } from '../../src/rollout/schema/rollout.js';

/** Rollouts as the API shows them, each at a moment worth looking at. Their time is 2026-01-01, 10:00:36 UTC. */

const second = (count: number): string => new Date(Date.UTC(2026, 0, 1, 10, 0, count)).toISOString();

export const now = Date.parse(second(36));

export const check = (given: Partial<CheckResult> = {}): CheckResult => ({
  name: 'errors', kind: 'ratio', verdict: 'pass', observed: 0.004, limit: 0.01, evidence: 412,
  logE: -3.2, effect: 0.92, interval: [0.6, 1.3], excluded: 1.5, attributable: 0, controls: ['virginia'],
  explanation: 'errors: 0.4 % of 412 requests were bad, limit 1 %', ...given,
});

const noLatency = check({
  name: 'latency', verdict: 'no-data', observed: null, evidence: 0, logE: 0, effect: null, interval: null, excluded: null,
  explanation: 'latency: no data (http_request_duration_seconds_bucket{le="0.3"} brought nothing from http://127.0.0.1:4101/metrics)',
});

export const soak = (given: Partial<SoakProgress> = {}): SoakProgress => ({
  startedAt: second(28), credited: 0, countingSince: second(28), required: 12_000, max: 60_000,
  decision: 'continue', explanation: 'errors ×0.92 (95 %: 0.6–1.3) against virginia; nothing got worse so far', controls: ['virginia'],
  checks: [check(), check({ name: 'memory', kind: 'value', observed: 0.71, limit: 0.9, evidence: 3, excluded: 1.1 })], ...given,
});

export const region = (given: Partial<RegionState> = {}): RegionState => ({
  environment: 'production', region: 'sydney', wave: 1, status: 'pending', release: null, previous: null, attempts: 0, ...given,
});

const soaked = soak({ credited: 12_000, countingSince: null });
const live = { status: 'live', release: '1.1.0', previous: '1.0.0', soak: soaked } as const;
const staging = region({ environment: 'staging', region: 'frankfurt', ...live });

export const running: Rollout = {
  id: 'shop-3', pipeline: 'shop', number: 3, release: '1.1.0', status: 'running', phase: 'production', lane: 'normal', startedBy: 'ana',
  createdAt: second(0), overrides: [], plan: 'a'.repeat(64),
  why: 'Shipping 1.1.0 to production: soaking frankfurt for 12s (at most 1m).', waitingFor: [],
  regions: [
    staging,
    region(live),
    region({ region: 'frankfurt', wave: 2, status: 'soaking', release: '1.1.0', previous: '1.0.0', soak: soak({ checks: [...soak().checks, noLatency] }) }),
    region({ region: 'virginia', wave: 3 }),
  ],
  timeline: [],
  links: {
    self: 'http://127.0.0.1:3000/v1/rollouts/shop-3',
    temporal: 'http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3',
  },
};

export const succeeded: Rollout = {
  ...running, status: 'succeeded', finishedAt: second(95), why: '1.1.0 is live and verified in staging and production.',
  regions: [staging, region(live), region({ region: 'frankfurt', wave: 2, ...live }), region({ region: 'virginia', wave: 3, ...live })],
};

const regression = {
  code: 'RegionRegressed',
  message: 'sydney answered 2.1 % of requests with errors (objective 0.1 %, 1,204 requests). Rolled back to 1.1.0.',
};

const failedErrors = check({ verdict: 'fail', observed: 0.021, limit: 1 - 0.999, evidence: 1_204, logE: 8.13, effect: 2.3, interval: [1.7, 3.1], excluded: null, explanation: regression.message });

export const held: Rollout = {
  ...running, release: '1.2.0', status: 'held', failure: regression,
  why: `Held: ${regression.message} Nothing new starts until you resume (try again), rollback or abort.`,
  regions: [
    { ...staging, release: '1.2.0', previous: '1.1.0' },
    region({ status: 'rolled-back', release: '1.1.0', previous: '1.1.0', soak: soak({ checks: [failedErrors], countingSince: null }), failure: regression }),
    region({ region: 'frankfurt', wave: 2 }),
    region({ region: 'virginia', wave: 3 }),
  ],
};

const undoFailed = { code: 'UndoFailed', message: 'sydney does not take 1.1.0 back: connect ECONNREFUSED 10.0.0.7:443. Tried 14 times in 5m.' };

export const stuck: Rollout = {
  ...held, status: 'stuck', failure: undoFailed,
  why: `Stuck: ${undoFailed.message} Nothing goes on there until you retry, or skip with a reason.`,
  regions: held.regions.map((each) => (each.status === 'rolled-back' ? { ...each, status: 'stuck', release: '1.2.0', failure: undoFailed } : each)),
};

export const waiting: Rollout = {
  ...running, status: 'waiting', why: 'Waiting for go-no-go (production): approval by release-manager, within 1d.',
  regions: [staging, region(), region({ region: 'frankfurt', wave: 2 }), region({ region: 'virginia', wave: 3 })],
  waitingFor: [{
    gate: 'go-no-go', type: 'approval', environment: 'production', since: second(10), until: second(10 + 24 * 3_600),
    needs: 'approval by release-manager, within 1d',
  }],
};

/** Three waves of many regions: some live, one soaking, the others still to come. */
export const large: Rollout = {
  ...running,
  regions: Array.from({ length: 60 }, (_, at) => region({
    region: `region-${at}`,
    wave: at < 3 ? 1 : at < 20 ? 2 : 3,
    ...(at < 12 ? live : at === 12 ? { status: 'soaking', release: '1.1.0', previous: '1.0.0', soak: soak() } : {}),
  })),
};

const tenRegions = ['perth', 'sydney', 'tokyo', 'mumbai', 'dubai', 'dublin', 'frankfurt', 'oregon', 'ohio', 'virginia'];

/** Ten regions in each of three phases: the first phase is done, the second is at its fifth wave, the third is still to come. */
export const tenByThree: Rollout = {
  ...running, id: 'shop-41', number: 41, phase: 'preview', why: 'Shipping 1.1.0 to preview: soaking dubai for 12s (at most 1m).',
  regions: [
    ...tenRegions.map((name) => region({ environment: 'staging', region: name, ...live })),
    ...tenRegions.map((name, at) => region({
      environment: 'preview', region: name, wave: at + 1,
      ...(at < 4 ? live : at === 4 ? { status: 'soaking', release: '1.1.0', previous: '1.0.0', soak: soak() } : {}),
    })),
    ...tenRegions.map((name, at) => region({ environment: 'production', region: name, wave: Math.ceil((at + 1) / 3) })),
  ],
};

const window = { gate: 'quiet-hours', type: 'window', environment: 'production', since: second(6), until: second(36 + 3 * 3_600), needs: 'the window 01:00 to 05:00' } as const;

/** Tenants of two regions, each with its own release: one soaks, one was left out, the others wait for the night. */
export const withTenants: Rollout = {
  ...running, status: 'waiting', why: 'Waiting for quiet-hours (production/frankfurt): the window 01:00 to 05:00, until 13:00 UTC.',
  waitingFor: [{ ...window, region: 'frankfurt', tenant: 'acme' }, { ...window, region: 'frankfurt', tenant: 'globex' }],
  regions: [
    region({ tenant: 'acme', ...live }),
    region({ tenant: 'globex', status: 'skipped', note: 'drained: the provider moves racks. It is owed the release.' }),
    region({ region: 'frankfurt', tenant: 'acme', wave: 2, status: 'gated' }),
    region({ region: 'frankfurt', tenant: 'globex', wave: 2, status: 'gated' }),
  ],
};

/** Everything that was asked for out of the ordinary. */
export const extraordinary: Rollout = {
  ...running, lane: 'hotfix', reason: 'carts of ten items fail', promoteTo: 'production', phase: 'staging',
  why: 'Shipping 1.1.0 to staging.',
  overrides: [{ by: 'ben', at: second(1), what: 'the phase qa, where the release is not verified', reason: 'qa has no network today, and the shop loses orders' }],
};

export const scheduled: Rollout = { ...running, status: 'scheduled', phase: null, startAt: second(12 * 3_600), why: 'It starts at 22:00 UTC.', regions: [] };
