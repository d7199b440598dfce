import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/rollout/limits.js';
import { PipelineDocument } from '../../../src/rollout/schema/pipeline.js';
import { shopText } from '../sample-document.js';

/** Every section and every kind of target, metrics, check, gate, value and wave, with every key that there is. */
const whole = {
  apiVersion: 'meridian/v1',
  kind: 'Pipeline',
  name: 'shop',
  owner: { team: 'payments', contact: '#payments-oncall' },
  regions: {
    sydney: { weight: 5, timezone: 'Australia/Sydney', residency: 'AU', role: 'secondary', pair: 'virginia' },
    virginia: { weight: 65, timezone: 'America/New_York', residency: 'US', role: 'primary', pair: 'sydney' },
  },
  variables: [
    { name: 'CURRENCY', label: 'Currency', help: 'What customers pay in', required: true, secret: false, values: [{ value: 'USD' }, { value: 'AUD', environment: 'production', region: 'sydney' }] },
    { name: 'PORT', required: false, secret: true, values: [{ from: { env: 'PORT' } }, { from: { file: '/run/port' }, region: 'sydney' }] },
  ],
  target: { type: 'process', command: ['node', 'server.js'], port: '{{ PORT }}', health: '/healthz', startTimeout: '30s', stopTimeout: '10s' },
  metrics: { type: 'prometheus', url: 'http://prometheus:9090', bearerToken: 'TOKEN', timeout: '10s' },
  checks: [
    { name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 },
    { name: 'memory', kind: 'value', query: 'memory', max: 0.9, min: 0.1 },
  ],
  soak: { min: '30m', max: '2h', interval: '30s', minSamples: 100, onFail: 'rollback', onNoData: 'hold' },
  lifecycle: [
    {
      environment: 'staging', waves: [['sydney']], concurrency: 1, soak: { min: '5m', max: '10m', interval: '10s', minSamples: 10, onFail: 'hold' },
      target: { type: 'script', current: ['current'], deploy: ['deploy'], verify: ['verify'], undo: ['undo'], timeout: '10m' },
      metrics: { type: 'scrape', url: 'http://x/metrics', timeout: '5s' },
      gates: [{ name: 'go', type: 'approval', roles: ['sre'], notStarter: true, timeout: '24h' }], regionGates: [],
    },
    {
      environment: 'production', waves: { order: 'smallest-first', sizes: [1, 'rest'], maxFirstExposure: '10%' },
      target: { type: 'webhook', url: 'http://x/', secret: 'SECRET', timeout: '10s', deadline: '15m' },
      gates: [], regionGates: [{ name: 'quiet', type: 'approval', roles: ['ops'], notStarter: false, timeout: '1h' }],
    },
  ],
  policy: { overlap: 'queue', onRegression: 'hold', undoTimeout: '5m' },
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
      soak: { min: '30m', max: '2h', interval: '30s', minSamples: 100, onFail: 'rollback', onNoData: 'hold' },
      lifecycle: ['staging', 'production'].map((environment) => ({ environment, waves: { order: 'smallest-first' }, gates: [], regionGates: [] })),
      policy: { overlap: 'queue', onRegression: 'hold', undoTimeout: '5m' },
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
    expect(refusedAt(put(whole, [...path, 'surprise'], 'hello'))).not.toEqual([]);
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
    ['a value without a limit', 'checks.1', { name: 'memory', kind: 'value', query: 'memory' }],
    ['a limit that is no number', 'checks.1.max', NaN],
    ['a soak of nothing', 'soak.min', '0s'],
    ['a soak that needs no evidence', 'soak.minSamples', 0],
    ['a soak that is looked at more often than once a second', 'soak.interval', '100ms'],
    ['missing data that passes', 'soak.onNoData', 'pass'],
    ['no phase', 'lifecycle', []],
    ['a wave without regions', 'lifecycle.0.waves', [['sydney'], []]],
    ['no wave', 'lifecycle.0.waves', []],
    ['waves in another order', 'lifecycle.1.waves', { order: 'largest-first' }],
    ['a wave of no region', 'lifecycle.1.waves', { order: 'smallest-first', sizes: [0] }],
    ['a wave after the rest', 'lifecycle.1.waves', { order: 'smallest-first', sizes: ['rest', 1] }],
    ['a share that is no percentage', 'lifecycle.1.waves', { order: 'smallest-first', maxFirstExposure: '0.1' }],
    ['a concurrency of nothing', 'lifecycle.0.concurrency', 0],
    ['a gate that nobody can open', 'lifecycle.0.gates.0.roles', []],
    ['a gate of an unknown type', 'lifecycle.0.gates.0.type', 'window'],
    ['a gate that nobody has time to open', 'lifecycle.0.gates.0.timeout', '0s'],
    ['a gate that waits for ever', 'lifecycle.0.gates.0.timeout', '999999999d'],
    ['an unknown way to overlap', 'policy.overlap', 'supersede'],
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
  const wavesOf = (count: number) => Array.from({ length: count }, () => ['sydney']);

  it('are met by the largest pipeline that they allow, and passed by the next', () => {
    expect(refusedAt({ ...shopText, regions: regionsOf(limits.regions) })).toEqual([]);
    expect(refusedAt({ ...shopText, regions: regionsOf(limits.regions + 1) })).toEqual(['regions']);
    expect(refusedAt({ ...shopText, lifecycle: [{ environment: 'production', waves: wavesOf(limits.waves) }] })).toEqual([]);
    expect(refusedAt({ ...shopText, lifecycle: [{ environment: 'production', waves: wavesOf(limits.waves + 1) }] })).toEqual(['lifecycle.0.waves']);
  });

  it('leave room for Temporal’s own: two thousand children at work, two megabytes for a message', () => {
    expect(limits.regions).toBeLessThan(2_000);
    expect(limits.documentBytes).toBeLessThan(2_000_000 / 4);
  });
});
