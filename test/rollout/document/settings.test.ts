import { describe, expect, it } from 'vitest';
import { Target } from '../../../src/rollout/schema/target.js';
import { databasesOf, gatesAt, gateSettings, regionSettings, soakOf, stepDeadlineMs } from '../../../src/rollout/document/settings.js';
import { shop } from '../sample-document.js';

const minute = 60_000;
const approval = { name: 'go', type: 'approval', roles: ['sre'] };

describe('the settings of a region', () => {
  const document = shop({
    metrics: { type: 'prometheus', url: 'http://prometheus:9090' },
    checks: [{ name: 'memory', kind: 'value', query: 'memory', max: 0.9 }],
    variables: [{ name: 'CURRENCY', values: [{ value: 'USD' }, { value: 'AUD', region: 'sydney' }] }],
    soak: { min: '30m', max: '2h', interval: '30s', minSamples: 500 },
    policy: { undoTimeout: '90s' },
    lifecycle: [
      { environment: 'staging', soak: { min: '5m', onFail: 'hold' }, target: { type: 'webhook', url: 'http://staging/' }, metrics: { type: 'scrape', url: 'http://staging/metrics' } },
      { environment: 'production', gates: [approval], regionGates: [{ ...approval, name: 'quiet' }] },
    ],
  });

  it('are the pipeline’s, where the environment says nothing else', () => {
    expect(regionSettings(document, { environment: 'production', region: 'sydney' })).toEqual({
      target: document.target,
      database: null,
      metrics: document.metrics,
      checks: document.checks,
      soak: {
        minMs: 30 * minute, durationMs: 30 * minute, earlyFinish: false, maxMs: 120 * minute, intervalMs: 30_000, minSamples: 500, historyMs: 24 * 60 * minute,
        onFail: 'rollback', onInconclusive: 'ask', watchAfterMs: null,
      },
      gates: [{ ...approval, name: 'quiet', approvals: 1, notStarter: false, timeout: '24h' }],
      variables: [{ name: 'CURRENCY', secret: false, source: { value: 'AUD' } }],
      undoTimeoutMs: 90_000,
    });
  });

  it('are the environment’s where it has its own, value by value', () => {
    expect(regionSettings(document, { environment: 'staging', region: 'frankfurt' })).toMatchObject({
      target: { type: 'webhook', url: 'http://staging/' },
      metrics: { type: 'scrape', url: 'http://staging/metrics' },
      soak: { minMs: 5 * minute, maxMs: 120 * minute, intervalMs: 30_000, minSamples: 500, onFail: 'hold' },
      gates: [],
      variables: [{ source: { value: 'USD' } }],
    });
  });

  it('have the database of the pipeline, or the environment’s own', () => {
    const postgres = (url: string) => ({ type: 'postgres', url, contractAfter: '2h' });
    const both = shop({ database: postgres('{{ DATABASE_URL }}'), lifecycle: [{ environment: 'staging', database: postgres('{{ STAGING_URL }}') }, { environment: 'production' }] });
    const databaseAt = (environment: string) => regionSettings(both, { environment, region: 'sydney' }).database;
    expect(databaseAt('staging')).toMatchObject({ url: '{{ STAGING_URL }}', contractAfter: '2h', expandFirst: 'region', contract: 'automatic', lockTimeout: '2s' });
    expect(databaseAt('production')?.url).toBe('{{ DATABASE_URL }}');
    expect(databasesOf(both)).toEqual([databaseAt('staging'), databaseAt('production')]);
    expect(databasesOf(shop())).toEqual([]);
  });

  it('have no source of metrics when the document names none', () => {
    expect(regionSettings(shop(), { environment: 'production', region: 'sydney' }).metrics).toBeNull();
  });

  it('never give up before the minimum is credited', () => {
    const short = shop({ soak: { min: '30m', max: '1m' } });
    expect(regionSettings(short, { environment: 'staging', region: 'sydney' }).soak).toMatchObject({ minMs: 30 * minute, maxMs: 30 * minute });
  });

  it('are never meant to take less than the minimum, nor longer than they may', () => {
    const soakOfStaging = (soak: Record<string, unknown>) => regionSettings(shop({ soak }), { environment: 'staging', region: 'sydney' }).soak;
    expect(soakOfStaging({ min: '30m', duration: '10m' })).toMatchObject({ minMs: 30 * minute, durationMs: 30 * minute });
    expect(soakOfStaging({ min: '30m', duration: '3h' })).toMatchObject({ durationMs: 180 * minute, maxMs: 180 * minute });
    expect(soakOfStaging({ min: '30m', duration: '1h', earlyFinish: true, history: '4h', onInconclusive: 'hold', watchAfter: '1d' })).toMatchObject({
      minMs: 30 * minute, durationMs: 60 * minute, maxMs: 120 * minute, earlyFinish: true, historyMs: 240 * minute, onInconclusive: 'hold', watchAfterMs: 1_440 * minute,
    });
  });

  it('exist for environments of the document only', () => {
    expect(() => regionSettings(document, { environment: 'canary', region: 'sydney' })).toThrow('no environment canary in shop');
  });
});

describe('the settings of a gate', () => {
  const document = shop({
    regions: {
      sydney: { weight: 5, timezone: 'Australia/Sydney', offPeak: { days: ['sun'], from: '02:00', to: '04:00' } },
      frankfurt: { weight: 30, timezone: 'Europe/Berlin' },
    },
    tenants: { acme: { regions: ['sydney'] } },
    metrics: { type: 'prometheus', url: 'http://prometheus:9090' },
    variables: [{ name: 'TEAM', values: [{ value: 'sre' }, { value: 'staging-team', environment: 'staging' }, { value: 'au', region: 'sydney' }, { value: 'acme', tenant: 'acme' }] }],
    lifecycle: [{ environment: 'staging', metrics: { type: 'scrape', url: 'http://staging/metrics' } }, { environment: 'production' }],
  });
  const teamOf = ({ variables }: ReturnType<typeof gateSettings>) => variables.map(({ source }) => source);

  it('at a region are those of the region: its clock, its nights, its values', () => {
    const settings = gateSettings(document, { environment: 'production', region: 'sydney', tenant: 'acme', regions: ['sydney'] });
    expect(settings).toMatchObject({
      metrics: { type: 'prometheus' }, timezone: 'Australia/Sydney', offPeak: { days: ['sun'], from: '02:00', to: '04:00' },
      places: [{ environment: 'production', region: 'sydney', tenant: 'acme' }],
    });
    expect(teamOf(settings)).toEqual([{ value: 'acme' }]);
  });

  it('have a night of their own where the region names none', () => {
    expect(gateSettings(document, { environment: 'production', region: 'frankfurt', regions: ['frankfurt'] }).offPeak).toEqual({ from: '01:00', to: '05:00' });
  });

  it('at a phase or wave are those of the environment, and ask about each of its regions', () => {
    const settings = gateSettings(document, { environment: 'staging', regions: ['sydney', 'frankfurt'] });
    expect(settings).toMatchObject({
      metrics: { type: 'scrape' }, timezone: null, offPeak: null,
      places: [{ environment: 'staging', region: 'sydney' }, { environment: 'staging', region: 'frankfurt' }],
    });
    expect(teamOf(settings)).toEqual([{ value: 'staging-team' }]);
  });
});

describe('the gates of a phase', () => {
  it('stand before the phase, before each wave, and before each region', () => {
    const gates = (name: string) => [{ ...approval, name }];
    const document = shop({ lifecycle: [{ environment: 'production', gates: gates('a'), waveGates: gates('b'), regionGates: gates('c') }] });
    const at = (['phase', 'wave', 'region'] as const).map((scope) => gatesAt(document, 'production', scope).map(({ name }) => name));
    expect(at).toEqual([['a'], ['b'], ['c']]);
  });
});

describe('the soak of a phase', () => {
  it('keeps the pipeline’s value where its own is written as undefined', () => {
    const document = shop();
    expect(soakOf(document, { ...document.lifecycle[0]!, soak: { min: undefined, max: '3h' } })).toEqual({ ...document.soak, max: '3h' });
  });
});

describe('the deadline of a step', () => {
  it.each([
    ['a process: start and stop, and a minute for the artifact', { type: 'process', command: ['node'], port: '1', startTimeout: '30s', stopTimeout: '10s' }, 100_000],
    ['a script: three tries', { type: 'script', current: ['a'], deploy: ['a'], verify: ['a'], undo: ['a'], timeout: '10m' }, 30 * minute],
    ['a webhook: its own deadline, polling included', { type: 'webhook', url: 'http://x/', timeout: '10s', deadline: '20m' }, 20 * minute],
  ])('of %s', (_title, target, ms) => {
    expect(stepDeadlineMs(Target.parse(target))).toBe(ms);
  });
});
