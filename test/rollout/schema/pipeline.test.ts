import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/rollout/limits.js';
import { PipelineDocument } from '../../../src/rollout/schema/pipeline.js';
import { shopText } from '../sample-document.js';

const times = { interval: '30s', timeout: '24h' };

/** Every section and every kind of target, metrics, check, gate, value and wave, with every key that there is. */
const whole = {
  apiVersion: 'meridian/v1',
  kind: 'Pipeline',
  name: 'shop',
  owner: { team: 'payments', contact: '#payments-oncall' },
  regions: {
    sydney: {
      weight: 5, timezone: 'Australia/Sydney', residency: 'AU', role: 'secondary', pair: 'virginia', label: 'Sydney', logo: 'https://logos.example/au.svg',
      offPeak: { days: ['sat', 'sun'], from: '23:30', to: '04:00' },
    },
    virginia: { weight: 65, timezone: 'America/New_York', residency: 'US', role: 'primary', pair: 'sydney' },
  },
  tenants: { acme: { label: 'ACME Ltd', logo: 'https://logos.example/acme.svg', regions: ['sydney', 'virginia'], residency: 'US', holdBack: 'audit' } },
  residency: { allow: { US: ['virginia', 'sydney'], AU: ['sydney'] } },
  variables: [
    {
      name: 'CURRENCY', label: 'Currency', help: 'What customers pay in', type: 'choice', options: ['AUD', 'USD'], default: 'USD', required: true, secret: false,
      values: [{ value: 'USD', tenant: 'acme' }, { value: 'AUD', environment: 'production', region: 'sydney' }],
    },
    { name: 'PORT', type: 'number', required: false, secret: true, values: [{ from: { env: 'PORT' } }, { from: { file: '/run/port' }, region: 'sydney', tenant: 'acme' }] },
  ],
  target: { type: 'process', command: ['node', 'server.js'], port: '{{ PORT }}', health: '/healthz', startTimeout: '30s', stopTimeout: '10s' },
  metrics: { type: 'prometheus', url: 'http://prometheus:9090', bearerToken: 'TOKEN', timeout: '10s' },
  checks: [
    { name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99, margin: 2 },
    { name: 'memory', kind: 'value', query: 'memory', max: 0.9, min: 0.1, worse: 'higher', margin: 1.2 },
    { name: 'latency', kind: 'histogram', buckets: 'seconds_bucket', margin: 1.05 },
  ],
  soak: {
    min: '30m', duration: '1h', earlyFinish: true, max: '2h', interval: '30s', minSamples: 100, history: '12h',
    onFail: 'rollback', onNoData: 'hold', onInconclusive: 'continue', watchAfter: '1d',
  },
  lifecycle: [
    {
      environment: 'staging', optional: true, promotion: 'automatic', waves: [['sydney']], concurrency: 1, tenants: 'sequence',
      soak: {
        min: '5m', duration: '8m', earlyFinish: false, max: '10m', interval: '10s', minSamples: 10, history: '4h', onFail: 'hold', onInconclusive: 'hold', watchAfter: '1h',
      },
      target: { type: 'script', current: ['current'], deploy: ['deploy'], verify: ['verify'], undo: ['undo'], timeout: '10m' },
      metrics: { type: 'scrape', url: 'http://x/metrics', timeout: '5s' },
      gates: [{ name: 'go', type: 'approval', roles: ['sre'], approvals: 2, notStarter: true, timeout: '24h' }],
      waveGates: [
        { name: 'office', type: 'window', days: ['mon', 'fri'], from: '09:00', to: '17:00', timezone: 'Europe/Berlin' },
        { name: 'lag', type: 'metric', query: 'lag', max: 10, min: 0, ...times },
      ],
      regionGates: [
        { name: 'calm', type: 'alerts', labels: { service: 'shop' }, ...times },
        { name: 'ledger', type: 'dependency', pipeline: 'ledger', release: '{{ release.version }}', environment: 'production', ...times },
        { name: 'change', type: 'webhook', url: 'http://x/', secret: 'SECRET', ...times },
        { name: 'night', type: 'window', offPeak: true },
      ],
    },
    {
      environment: 'production', optional: false, promotion: 'manual', waves: { order: 'smallest-first', sizes: [1, 'rest'], maxFirstExposure: '10%' }, tenants: 'together',
      target: { type: 'webhook', url: 'http://x/', secret: 'SECRET', timeout: '10s', deadline: '15m' },
      gates: [], waveGates: [], regionGates: [{ name: 'quiet', type: 'approval', roles: ['ops'], approvals: 1, notStarter: false, timeout: '1h' }],
    },
    { environment: 'edge', optional: false, promotion: 'automatic', waves: { order: 'rolling', concurrency: 5, maxFirstExposure: '12.5%' }, tenants: 'sequence', gates: [], waveGates: [], regionGates: [] },
    { environment: 'everywhere', optional: false, promotion: 'automatic', waves: 'all', tenants: 'sequence', gates: [], waveGates: [], regionGates: [], metrics: { type: 'webhook', url: 'http://x/', secret: 'SECRET', timeout: '10s' } },
  ],
  policy: {
    overlap: 'supersede', hotfix: { soak: '5m', roles: ['sre'] }, override: { roles: ['sre'] }, onRegression: 'hold', staleBaseline: 'accept', joiners: 'wait', errorBudget: 1_000, undoTimeout: '5m',
  },
};

/** Where a document is refused, as paths: `lifecycle.0.soak.min`. */
const refusedAt = (document: unknown): string[] =>
  [...new Set(PipelineDocument.safeParse(document).error?.issues.map(({ path }) => path.join('.')))];

type Path = (string | number)[];

/** The document with the value at `path` replaced. */
function put(document: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inside = (document as Record<string | number, unknown>)[key];
  const changed = put(inside, rest, value);
  if (Array.isArray(document)) return document.map((each: unknown, index) => (index === key ? changed : each));
  return { ...(document as object), [key]: changed };
}
const pathOf = (text: string): Path => text.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
const withChange = (path: string, value: unknown): unknown => put(whole, pathOf(path), value);

describe('a pipeline document', () => {
  it('may say everything, and stays as it is', () => {
    expect(PipelineDocument.parse(whole)).toEqual(whole);
  });

  it('may say little: what is left out has a value that is safe', () => {
    expect(PipelineDocument.parse(shopText)).toEqual({
      ...shopText,
      regions: {
        virginia: { weight: 65, timezone: 'UTC', role: 'primary' },
        sydney: { weight: 5, timezone: 'UTC', role: 'primary' },
        frankfurt: { weight: 30, timezone: 'UTC', role: 'primary' },
      },
      variables: [],
      target: { type: 'webhook', url: 'http://127.0.0.1/hook', timeout: '10s', deadline: '15m' },
      checks: [],
      soak: {
        min: '30m', earlyFinish: false, max: '2h', interval: '30s', minSamples: 100, history: '24h', onFail: 'rollback', onNoData: 'hold', onInconclusive: 'ask',
      },
      lifecycle: ['staging', 'production'].map((environment) => ({
        environment, optional: false, promotion: 'automatic', waves: { order: 'smallest-first' }, tenants: 'sequence', gates: [], waveGates: [], regionGates: [],
      })),
      policy: {
        overlap: 'queue', override: { roles: ['admin'] }, onRegression: 'hold', staleBaseline: 'hold', joiners: 'ship', undoTimeout: '5m',
      },
    });
  });

  it('reads back as the same document once its defaults are written out', () => {
    const parsed = PipelineDocument.parse(shopText);
    expect(PipelineDocument.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  /** The path of every object in a document. */
  const objectsIn = (value: unknown, path: Path = []): Path[] => {
    if (typeof value !== 'object' || value === null) return [];
    const inside = Object.entries(value).flatMap(([key, each]) => objectsIn(each, [...path, Array.isArray(value) ? Number(key) : key]));
    return Array.isArray(value) ? inside : [path, ...inside];
  };
  const objects = objectsIn(whole).map((path): [string, Path] => [path.join('.') || 'the top', path]);

  it.each(objects)('has no key that it does not know, at %s', (_where, path) => {
    expect(refusedAt(put(whole, [...path, 'a surprise'], 'hello'))).not.toEqual([]);
  });

  it.each([
    ['another version of the format', 'apiVersion', 'meridian/v2'],
    ['another kind', 'kind', 'Service'],
    ['a name that no URL takes', 'name', 'The Shop'],
    ['no owner', 'owner', undefined],
    ['an owner whom nobody can reach', 'owner.contact', ''],
    ['no region', 'regions', {}],
    ['a region with a share below nothing', 'regions.sydney.weight', -1],
    ['a region with an endless share', 'regions.sydney.weight', Infinity],
    ['a region in no time zone', 'regions.sydney.timezone', 'Sydney/Australia'],
    ['a region of an unknown role', 'regions.sydney.role', 'main'],
    ['quiet hours that never end', 'regions.sydney.offPeak', { from: '01:00', to: '01:00' }],
    ['quiet hours of no day', 'regions.sydney.offPeak.days', []],
    ['a logo that a browser would run', 'regions.sydney.logo', 'javascript:alert(1)'],
    ['a logo that anybody on the way may change', 'tenants.acme.logo', 'http://logos.example/acme.svg'],
    ['a tenant that lives nowhere', 'tenants.acme.regions', []],
    ['a tenant named by digits alone', 'tenants', { 7: { regions: ['sydney'] } }],
    ['a tenant that is held back for no reason', 'tenants.acme.holdBack', ''],
    ['a residency that is a sentence', 'tenants.acme.residency', 'the United States'],
    ['residency rules of no kind', 'residency', { allow: {}, deny: {} }],
    ['a choice without options', 'variables.0.options', undefined],
    ['options of a number', 'variables.1.options', ['1', '2']],
    ['a variable of an unknown type', 'variables.0.type', 'date'],
    ['a secret with a default', 'variables.1.default', 'hunter2'],
    ['an environment variable of no name', 'variables.1.values.0.from.env', 'A B'],
    ['a variable in small letters', 'variables.0.name', 'currency'],
    ['a secret that is written down', 'variables.1.values', [{ value: 'hunter2' }]],
    ['a value that is both literal and reference', 'variables.1.values.0', { value: 'x', from: { env: 'X' } }],
    ['a reference to nowhere', 'variables.1.values.0.from', {}],
    ['no target', 'target', undefined],
    ['a target of an unknown type', 'target.type', 'ftp'],
    ['a command without a program', 'target.command', []],
    ['a process that never has time to start', 'target.startTimeout', '0s'],
    ['metrics of an unknown type', 'metrics.type', 'statsd'],
    ['an objective that allows nothing', 'checks.0.objective', 1],
    ['an objective that allows everything', 'checks.0.objective', 0],
    ['an objective in per cent', 'checks.0.objective', 99.9],
    ['an effect that is none', 'checks.0.margin', 1],
    ['an effect that nobody would miss', 'checks.1.margin', 101],
    ['a value that gets worse sideways', 'checks.1.worse', 'sideways'],
    ['a histogram without buckets', 'checks.2.buckets', undefined],
    ['a histogram with an objective', 'checks.2.objective', 0.99],
    ['a limit that is no number', 'checks.1.max', NaN],
    ['a soak of nothing', 'soak.min', '0s'],
    ['a soak that needs no evidence', 'soak.minSamples', 0],
    ['a soak that is looked at more often than once a second', 'soak.interval', '100ms'],
    ['missing data that passes', 'soak.onNoData', 'pass'],
    ['missing data that passes in one environment', 'lifecycle.0.soak.onNoData', 'hold'],
    ['a soak that is meant to take no time', 'soak.duration', '0s'],
    ['a past of nothing', 'soak.history', '0s'],
    ['a watch of nothing', 'soak.watchAfter', '0s'],
    ['nothing proven that is rolled back', 'soak.onInconclusive', 'rollback'],
    ['a budget of nothing', 'policy.errorBudget', 0],
    ['a budget of half a request', 'policy.errorBudget', 0.5],
    ['a service that never has time to answer', 'lifecycle.3.metrics.timeout', '0s'],
    ['no phase', 'lifecycle', []],
    ['a wave without regions', 'lifecycle.0.waves', [['sydney'], []]],
    ['no wave', 'lifecycle.0.waves', []],
    ['waves in another order', 'lifecycle.1.waves', { order: 'largest-first' }],
    ['a wave of no region', 'lifecycle.1.waves', { order: 'smallest-first', sizes: [0] }],
    ['a wave after the rest', 'lifecycle.1.waves', { order: 'smallest-first', sizes: ['rest', 1] }],
    ['a share that is no percentage', 'lifecycle.1.waves', { order: 'smallest-first', maxFirstExposure: '0.1' }],
    ['a share of nothing', 'lifecycle.1.waves', { order: 'smallest-first', maxFirstExposure: '0%' }],
    ['a share of more than everything', 'lifecycle.1.waves', { order: 'smallest-first', maxFirstExposure: '100.5%' }],
    ['waves that roll without a number', 'lifecycle.1.waves', { order: 'rolling' }],
    ['waves by another word', 'lifecycle.1.waves', 'everything'],
    ['tenants in an unknown order', 'lifecycle.0.tenants', 'randomly'],
    ['a promotion by nobody', 'lifecycle.0.promotion', 'never'],
    ['a concurrency of nothing', 'lifecycle.0.concurrency', 0],
    ['a gate that nobody can open', 'lifecycle.0.gates.0.roles', []],
    ['a gate of an unknown type', 'lifecycle.0.gates.0.type', 'moon'],
    ['a gate that nobody has time to open', 'lifecycle.0.gates.0.timeout', '0s'],
    ['a gate that waits for ever', 'lifecycle.0.gates.0.timeout', '999999999d'],
    ['an unknown way to overlap', 'policy.overlap', 'overtake'],
    ['a hot fix without a soak', 'policy.hotfix', {}],
    ['a hot fix with a soak of nothing', 'policy.hotfix.soak', '0s'],
    ['a hot fix that nobody may ship', 'policy.hotfix.roles', []],
    ['an override that nobody may make', 'policy.override.roles', []],
    ['an unknown answer to a stranger', 'policy.staleBaseline', 'overwrite'],
    ['an unknown welcome of a new region', 'policy.joiners', 'ignore'],
    ['an unknown answer to a regression', 'policy.onRegression', 'ignore'],
  ])('is refused with %s', (_title, path, value) => {
    const [where, ...others] = refusedAt(withChange(path, value));
    expect(others).toEqual([]);
    expect(where === undefined ? 'nowhere' : path.startsWith(where) || where.startsWith(path)).toBe(true);
  });

  it('says everything that is wrong at once', () => {
    expect(refusedAt(put(put(put(whole, ['name'], 'The Shop'), ['soak', 'min'], 'soon'), ['policy', 'overlap'], 'x'))).toEqual(['name', 'soak.min', 'policy.overlap']);
  });
});

describe('the limits of a pipeline', () => {
  const regionsOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, { weight: 1 }]));
  const tenantsOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, { regions: ['sydney'] }]));
  const wavesOf = (count: number) => Array.from({ length: count }, () => ['sydney']);

  it('are met by the largest pipeline that they allow, and passed by the next', () => {
    expect(refusedAt({ ...shopText, regions: regionsOf(limits.regions) })).toEqual([]);
    expect(refusedAt({ ...shopText, regions: regionsOf(limits.regions + 1) })).toEqual(['regions']);
    expect(refusedAt({ ...shopText, tenants: tenantsOf(limits.tenants) })).toEqual([]);
    expect(refusedAt({ ...shopText, tenants: tenantsOf(limits.tenants + 1) })).toEqual(['tenants']);
    expect(refusedAt({ ...shopText, lifecycle: [{ environment: 'production', waves: wavesOf(limits.waves) }] })).toEqual([]);
    expect(refusedAt({ ...shopText, lifecycle: [{ environment: 'production', waves: wavesOf(limits.waves + 1) }] })).toEqual(['lifecycle.0.waves']);
  });

  it('leave room for Temporal’s own: two thousand children at work, two megabytes for a message', () => {
    expect(limits.placesInPhase).toBeLessThan(2_000);
    expect(limits.documentBytes).toBeLessThan(2_000_000 / 4);
  });
});
