import { expect, it } from 'vitest';
import { changesBetween } from '../../src/cli/changes.js';
import type { Rollout, SoakProgress } from '../../src/rollout/schema/rollout.js';
import { check, held, region, running, soak } from './sample-rollouts.js';

const withSydney = (given: Parameters<typeof region>[0]): Rollout => ({ ...running, regions: [region(given)] });

it('begins with where the rollout is, and where to look at it', () => {
  const status = 'shop-3 1.1.0: running. Shipping 1.1.0 to production: soaking frankfurt for 12s (at most 1m).';
  expect(changesBetween(undefined, running)).toEqual([status, `shop-3 in the Temporal UI: ${running.links.temporal}`]);
  expect(changesBetween(undefined, { ...running, links: { ...running.links, temporal: null } })).toEqual([status]);
});

it('says nothing where nothing changed, however the soak goes on', () => {
  const at = (credited: number) => withSydney({ status: 'soaking', release: '1.1.0', soak: soak({ credited }) });
  expect(changesBetween(running, running)).toEqual([]);
  expect(changesBetween(at(1_000), at(2_000))).toEqual([]);
});

it('has a line for each region that went a step further', () => {
  expect(changesBetween(withSydney({ status: 'pending' }), withSydney({ status: 'deploying' }))).toEqual(['shop-3 production/sydney: deploying']);
  expect(changesBetween(withSydney({ status: 'verifying' }), withSydney({ status: 'live', release: '1.1.0' }))).toEqual(['shop-3 production/sydney: live (1.1.0)']);
});

it('has a line for each verdict that changed, with its numbers or with the reason why there are none', () => {
  const at = (given: Parameters<typeof check>[0]) => withSydney({ status: 'soaking', soak: soak({ checks: [check(given)] }) });
  const silent = at({ verdict: 'no-data', observed: null, explanation: 'errors: no data (http_requests_total brought nothing)' });
  expect(changesBetween(silent, at({}))).toEqual(['shop-3 production/sydney: errors pass: 0.4 % ≤ 1 %, 412 requests, below ×1.5']);
  expect(changesBetween(at({}), silent)).toEqual(['shop-3 production/sydney: errors: no data (http_requests_total brought nothing)']);
});

it('does not report that a soak begins without data', () => {
  const silent = check({ verdict: 'no-data', observed: null, explanation: 'errors: no data (first look)' });
  const soaking = withSydney({ status: 'soaking', release: '1.1.0', soak: soak({ checks: [silent] }) });
  expect(changesBetween(withSydney({ status: 'verifying' }), soaking)).toEqual(['shop-3 production/sydney: soaking (1.1.0)']);
});

it('tells what the judge says when it thinks otherwise than before, and nothing of a check that proves nothing yet', () => {
  const at = (decision: SoakProgress['decision'], explanation: string) =>
    withSydney({ status: 'soaking', soak: soak({ decision, explanation, checks: [check({ verdict: 'inconclusive' })] }) });
  const [calm, worried] = [at('continue', 'nothing got worse so far'), at('hold', 'errors ×1.9; evidence 34 : 1')];
  expect(changesBetween(withSydney({ status: 'soaking' }), calm)).toEqual([]);
  expect(changesBetween(calm, worried)).toEqual(['shop-3 production/sydney: hold: errors ×1.9; evidence 34 : 1']);
  expect(changesBetween(worried, at('hold', 'errors ×2.1; evidence 41 : 1'))).toEqual([]);
  expect(changesBetween(worried, calm)).toEqual(['shop-3 production/sydney: continue: nothing got worse so far']);
  expect(changesBetween(calm, at('pass', 'proven'))).toEqual([]);
});

it('tells a failure once, and the new status with its reason last', () => {
  const lines = changesBetween(running, held);
  expect(lines).toContain('shop-3 production/sydney: RegionRegressed: sydney answered 2.1 % of requests with errors (objective 0.1 %, 1,204 requests). Rolled back to 1.1.0.');
  expect(lines.at(-1)).toBe(`shop-3 1.2.0: held. ${held.why}`);
  expect(changesBetween(held, held)).toEqual([]);
});

it('tells what people decided, each decision once', () => {
  const entry = (at: string, text: string, kind: 'decision' | 'region' = 'decision') => ({ at, kind, text });
  const first = entry('2026-01-01T10:00:01.000Z', 'ana paused it');
  const second = entry('2026-01-01T10:00:01.000Z', 'ben resumed it');
  const third = entry('2026-01-01T10:00:02.000Z', 'ana approved go-no-go');
  const before = { ...running, timeline: [first] };
  const after = { ...running, timeline: [first, second, entry('2026-01-01T10:00:02.000Z', 'deploying sydney', 'region'), third] };
  expect(changesBetween(before, after)).toEqual(['shop-3 ben resumed it', 'shop-3 ana approved go-no-go']);
  expect(changesBetween(after, after)).toEqual([]);
});

it('tells an override and the beginning of a freeze, and what is to be known of a region', () => {
  const at = '2026-01-01T10:00:01.000Z';
  const after = { ...withSydney({ status: 'skipped', note: 'drained: racks are moved' }), timeline: [
    { at, kind: 'override' as const, text: 'ben opened quiet-hours against its rule' }, { at, kind: 'freeze' as const, text: 'black-friday has begun' },
  ] };
  expect(changesBetween(withSydney({}), after)).toEqual([
    'shop-3 ben opened quiet-hours against its rule', 'shop-3 black-friday has begun',
    'shop-3 production/sydney: skipped', 'shop-3 production/sydney: drained: racks are moved',
  ]);
});

it('tells the tenants of a region apart', () => {
  const tenants = (globex: 'pending' | 'deploying'): Rollout =>
    ({ ...running, regions: [region({ tenant: 'acme', status: 'deploying' }), region({ tenant: 'globex', status: globex })] });
  expect(changesBetween(tenants('pending'), tenants('deploying'))).toEqual(['shop-3 production/sydney/globex: deploying']);
});

it('keeps a message from elsewhere on one line', () => {
  const failure = { code: 'DeployFailed', message: 'exit code 1\n\u001b[2Jrm: cannot remove' };
  expect(changesBetween(withSydney({ status: 'deploying' }), withSydney({ status: 'failed', failure }))).toEqual([
    'shop-3 production/sydney: failed', 'shop-3 production/sydney: DeployFailed: exit code 1 rm: cannot remove',
  ]);
});
