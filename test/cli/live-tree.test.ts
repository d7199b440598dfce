import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderRollout } from '../../src/cli/live-tree.js';
import { SoakDecision, type Rollout, type WaitingFor } from '../../src/rollout/schema/rollout.js';
import { regionStatuses, rolloutStatuses } from '../../src/rollout/states/statuses.js';
import { check, extraordinary, held, large, now, region, running, scheduled, soak, stuck, succeeded, tenByThree, waiting, withTenants } from './sample-rollouts.js';

const plain = picocolors.createColors(false);
const coloured = picocolors.createColors(true);

const render = (rollout: Rollout, width = 80): string => `\n${renderRollout(rollout, { width, colours: plain, timezone: 'UTC', now })}\n`;

describe('the tree of a rollout', () => {
  it('shows each region with its step, its releases, its soak and what the checks observed', () => {
    expect(render(running)).toMatchInlineSnapshot(`
      "
      ● shop-3  shop 1.1.0  running  36s
        Shipping 1.1.0 to production: soaking frankfurt for 12s (at most 1m).

        staging
        └─ wave 1  ✓ frankfurt  live          1.0.0 → 1.1.0  soaked 12s
        production
        ├─ wave 1  ✓ sydney     live          1.0.0 → 1.1.0  soaked 12s
        ├─ wave 2  ● frankfurt  soaking       1.0.0 → 1.1.0  ████████░░░░ 8s of 12s
        │            ✓ errors   0.4 % ≤ 1 %  412 requests  below ×1.5  pass
        │            ✓ memory   0.71 ≤ 0.9   3 samples     below ×1.1  pass
        │            ? latency  – ≤ 1 %      0 requests                no-data
        │              latency: no data
        │              (http_request_duration_seconds_bucket{le="0.3"} brought nothing
        │              from http://127.0.0.1:4101/metrics)
        └─ wave 3  ○ virginia   pending

        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('says what was wrong, what runs again, and what a person can type', () => {
    expect(render(held)).toMatchInlineSnapshot(`
      "
      ! shop-3  shop 1.2.0  held  36s
        Held: sydney answered 2.1 % of requests with errors (objective 0.1 %, 1,204
        requests). Rolled back to 1.1.0. Nothing new starts until you resume (try
        again), rollback or abort.

        staging
        └─ wave 1  ✓ frankfurt  live          1.1.0 → 1.2.0  soaked 12s
        production
        ├─ wave 1  ↩ sydney     rolled-back   back on 1.1.0
        │            ✗ errors  2.1 % > 0.1 %  ×2.3 (1.7–3.1), 3,400 : 1  fail
        ├─ wave 2  ○ frankfurt  pending
        └─ wave 3  ○ virginia   pending

        You can type
          meridian resume shop-3                 try again
          meridian rollback shop-3 --reason "…"  undo the whole rollout
          meridian abort shop-3 --reason "…"     keep what is live, end

        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('says what an undo could not do, and names the region in the commands', () => {
    expect(render(stuck)).toMatchInlineSnapshot(`
      "
      ! shop-3  shop 1.2.0  stuck  36s
        Stuck: sydney does not take 1.1.0 back: connect ECONNREFUSED 10.0.0.7:443.
        Tried 14 times in 5m. Nothing goes on there until you retry, or skip with a
        reason.

        staging
        └─ wave 1  ✓ frankfurt  live          1.1.0 → 1.2.0  soaked 12s
        production
        ├─ wave 1  ! sydney     stuck         1.1.0 → 1.2.0
        │            ✗ errors  2.1 % > 0.1 %  ×2.3 (1.7–3.1), 3,400 : 1  fail
        ├─ wave 2  ○ frankfurt  pending
        └─ wave 3  ○ virginia   pending

        You can type
          meridian retry shop-3 --region sydney              try the undo again
          meridian skip shop-3 --region sydney --reason "…"  see to it by hand
          meridian rollback shop-3 --reason "…"              undo the whole rollout
          meridian abort shop-3 --reason "…"                 keep what is live, end

        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('says who must say yes, how long there is time, and how', () => {
    expect(render(waiting)).toMatchInlineSnapshot(`
      "
      ? shop-3  shop 1.1.0  waiting  36s
        Waiting for go-no-go (production): approval by release-manager, within 1d.

        staging
        └─ wave 1  ✓ frankfurt  live          1.0.0 → 1.1.0  soaked 12s
        production
        ├─ wave 1  ○ sydney     pending
        ├─ wave 2  ○ frankfurt  pending
        └─ wave 3  ○ virginia   pending

        ? go-no-go (production), since 26s, 23h 59m left

        You can type
          meridian approve shop-3 --gate go-no-go              let it through
          meridian reject shop-3 --gate go-no-go --reason "…"  keep what is live, end
          meridian rollback shop-3 --reason "…"                undo the whole rollout
          meridian abort shop-3 --reason "…"                   keep what is live, end

        Plan      aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('is short when all is done', () => {
    expect(render(succeeded)).toMatchInlineSnapshot(`
      "
      ✓ shop-3  shop 1.1.0  succeeded  1m 35s
        1.1.0 is live and verified in staging and production.

        staging
        └─ wave 1  ✓ frankfurt  live          1.0.0 → 1.1.0  soaked 12s
        production
        ├─ wave 1  ✓ sydney     live          1.0.0 → 1.1.0  soaked 12s
        ├─ wave 2  ✓ frankfurt  live          1.0.0 → 1.1.0  soaked 12s
        └─ wave 3  ✓ virginia   live          1.0.0 → 1.1.0  soaked 12s

        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('draws many regions of the same quiet status as one line', () => {
    expect(render(large)).toMatchInlineSnapshot(`
      "
      ● shop-3  shop 1.1.0  running  36s
        Shipping 1.1.0 to production: soaking frankfurt for 12s (at most 1m).

        production
        ├─ wave 1  ✓ region-0   live          1.0.0 → 1.1.0  soaked 12s
        │          ✓ region-1   live          1.0.0 → 1.1.0  soaked 12s
        │          ✓ region-2   live          1.0.0 → 1.1.0  soaked 12s
        ├─ wave 2  ○ 7 regions pending: region-13, region-14, region-15, region-16, r…
        │          ✓ 9 regions live: region-3, region-4, region-5, region-6, region-7…
        │          ● region-12  soaking       1.0.0 → 1.1.0  ████████░░░░ 8s of 12s
        │            ✓ errors  0.4 % ≤ 1 %  412 requests  below ×1.5  pass
        │            ✓ memory  0.71 ≤ 0.9   3 samples     below ×1.1  pass
        └─ wave 3  ○ 40 regions pending: region-20, region-21, region-22, region-23, …

        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('folds finished phases and those still to come into a line each, when there are ten regions in each of three', () => {
    expect(render(tenByThree)).toMatchInlineSnapshot(`
      "
      ● shop-41  shop 1.1.0  running  36s
        Shipping 1.1.0 to preview: soaking dubai for 12s (at most 1m).

        ✓ staging     10 regions live: perth, sydney, tokyo, mumbai, dubai, dublin, f…
        preview
        ├─ wave 1   ✓ perth      live          1.0.0 → 1.1.0  soaked 12s
        ├─ wave 2   ✓ sydney     live          1.0.0 → 1.1.0  soaked 12s
        ├─ wave 3   ✓ tokyo      live          1.0.0 → 1.1.0  soaked 12s
        ├─ wave 4   ✓ mumbai     live          1.0.0 → 1.1.0  soaked 12s
        ├─ wave 5   ● dubai      soaking       1.0.0 → 1.1.0  ████████░░░░ 8s of 12s
        │             ✓ errors  0.4 % ≤ 1 %  412 requests  below ×1.5  pass
        │             ✓ memory  0.71 ≤ 0.9   3 samples     below ×1.1  pass
        ├─ wave 6   ○ dublin     pending
        ├─ wave 7   ○ frankfurt  pending
        ├─ wave 8   ○ oregon     pending
        ├─ wave 9   ○ ohio       pending
        └─ wave 10  ○ virginia   pending
        ○ production  10 regions pending: perth, sydney, tokyo, mumbai, dubai, dublin…

        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('is a line for each phase when all thirty places are done', () => {
    const done = { ...tenByThree, status: 'succeeded' as const, regions: tenByThree.regions.map((each) => ({ ...each, status: 'live' as const })) };
    expect(render(done).match(/✓ (staging|preview|production) +10 regions live/g)).toHaveLength(3);
    expect(render(done)).not.toContain('wave');
  });

  it('names the places of a finished phase that are not as the others', () => {
    const regions = tenByThree.regions.map((each) => (each.environment === 'staging' && each.region === 'tokyo' ? { ...each, status: 'superseded' as const } : each));
    expect(render({ ...tenByThree, regions })).toContain('– staging     9 regions live, 1 superseded: tokyo');
  });

  it('never folds a place that failed, or of which there is something to say', () => {
    const failure = { code: 'DeployFailed', message: 'tokyo did not start' };
    const renderTokyo = (given: Partial<Rollout['regions'][number]>): string =>
      render({ ...tenByThree, regions: tenByThree.regions.map((each) => (each.environment === 'production' && each.region === 'tokyo' ? { ...each, ...given } : each)) });
    expect(renderTokyo({ status: 'failed', failure })).toContain('DeployFailed: tokyo did not start');
    expect(renderTokyo({ note: 'was drained when its turn came' })).toContain('was drained when its turn came');
  });

  it('shows the tenants of a region, what is to be known of them, and what waits together in a line', () => {
    expect(render(withTenants)).toMatchInlineSnapshot(`
      "
      ? shop-3  shop 1.1.0  waiting  36s
        Waiting for quiet-hours (production/frankfurt): the window 01:00 to 05:00,
        until 13:00 UTC.

        production
        ├─ wave 1  ✓ sydney/acme       live          1.0.0 → 1.1.0  soaked 12s
        │          – sydney/globex     skipped
        │            drained: the provider moves racks. It is owed the release.
        └─ wave 2  ? frankfurt/acme    gated
                   ? frankfurt/globex  gated

        ? quiet-hours (production/frankfurt/acme, frankfurt/globex), since 30s, 3h
        left

        You can type
          meridian override shop-3 --gate quiet-hours --region frankfurt --tenant acme --reason "…"
          meridian override shop-3 --gate quiet-hours --region frankfurt --tenant globex --reason "…"
          meridian rollback shop-3 --reason "…"
          meridian abort shop-3 --reason "…"

        API       http://127.0.0.1:3000/v1/rollouts/shop-3
        Temporal  http://127.0.0.1:8233/namespaces/default/workflows/rollout%2Fshop-3
      "
    `);
  });

  it('shows for ever which rule was passed over, by whom and why; the lane, the reason and what comes after', () => {
    expect(render(extraordinary).split('\n').slice(0, 10).join('\n')).toMatchInlineSnapshot(`
      "
      ● shop-3  shop 1.1.0  running  hot-fix  36s
        Shipping 1.1.0 to staging.
        ana: carts of ten items fail
        Goes on to production as soon as it has succeeded.
        ! override  ben passed over the phase qa, where the release is not verified, 1
                    Jan 2026 10:00: qa has no network today, and the shop loses orders

        staging
        └─ wave 1  ✓ frankfurt  live          1.0.0 → 1.1.0  soaked 12s"
    `);
    expect(render({ ...extraordinary, status: 'succeeded', finishedAt: '2026-01-01T10:01:00.000Z' })).toContain('! override  ben passed over the phase qa');
  });

  it('names the rollout that took over', () => {
    expect(render({ ...running, status: 'superseded', supersededBy: 'shop-4' })).toContain('Superseded by shop-4.');
  });

  it('says when a scheduled rollout starts by the clock of the reader, and how to start it now', () => {
    const text = renderRollout(scheduled, { width: 80, colours: plain, timezone: 'Australia/Sydney', now });
    expect(text).toContain('○ shop-3  shop 1.1.0  scheduled  starts Fri 2 Jan 09:00');
    expect(text).toMatch(/meridian resume shop-3 +start it now\n +meridian abort shop-3 --reason "…" +call it off/);
  });

  it('says who has approved so far', () => {
    const approvals = [{ by: 'ben', at: '2026-01-01T10:00:20.000Z' }];
    const asked = { ...waiting, waitingFor: waiting.waitingFor.map((wait) => ({ ...wait, approvals })) };
    expect(render(asked)).toContain('23h 59m left: so far ben');
    expect(render({ ...asked, why: 'Waiting.' }).replaceAll(/\s+/g, ' ')).toContain('approval by release-manager, within 1d; so far ben');
  });

  it('offers to go on without a drained region, and to open a window; never to open a freeze', () => {
    const drained = { ...waiting.waitingFor[0]!, gate: 'sydney', type: 'drained' as const, region: 'sydney' };
    const freeze = { ...waiting.waitingFor[0]!, gate: 'black-friday', type: 'freeze' as const };
    const commands = (...waitingFor: Rollout['waitingFor']): string => render({ ...waiting, waitingFor });
    expect(commands(drained)).toContain('meridian skip shop-3 --region sydney --reason "…"  go on without it');
    expect(commands(freeze)).not.toMatch(/override|approve|reject|skip/);
    expect(commands(freeze)).toContain('? freeze black-friday (production)');
    expect(render(withTenants)).toContain('meridian override shop-3 --gate quiet-hours --region frankfurt --tenant acme --reason "…"');
  });

  it('does not spell out a command for each of many places', () => {
    const waits = ['perth', 'sydney', 'tokyo', 'dubai'].map((name) => ({ ...withTenants.waitingFor[0]!, region: name, tenant: undefined }));
    expect(render({ ...withTenants, waitingFor: waits }).match(/meridian override .*/g)).toEqual(['meridian override shop-3 --gate quiet-hours --region … --reason "…"']);
  });

  it('lets the soak clock run on between two answers, and stops it at what is required', () => {
    const at = (seconds: number): string => renderRollout(running, { width: 80, colours: plain, timezone: 'UTC', now: now + seconds * 1_000 });
    expect(at(0)).toContain('████████░░░░ 8s of 12s');
    expect(at(2)).toContain('██████████░░ 10s of 12s');
    expect(at(60)).toContain('████████████ 12s of 12s, needs evidence, at most 1m');
  });

  it('says so when the soak clock stands still', () => {
    const paused = { ...running, regions: [region({ status: 'soaking', release: '1.1.0', previous: '1.0.0', soak: soak({ credited: 5_400, countingSince: null }) })] };
    expect(render(paused)).toContain('5s of 12s, clock stopped');
  });

  it('shows what the judge says of a soak that does not simply go on, once', () => {
    const explanation = 'errors ×1.9 (95 %: 1.2–3) against virginia since 2 min after the deploy; evidence 34 : 1; nothing new starts';
    const soaking = (why: string): string =>
      render({ ...running, why, regions: [region({ status: 'soaking', release: '1.1.0', previous: '1.0.0', soak: soak({ decision: 'hold', explanation }) })] });
    expect(soaking('Shipping.').replaceAll(/\s+/g, ' ')).toContain(`hold: ${explanation}`);
    expect(soaking(`Waiting for soak: ${explanation}`)).not.toContain('hold: errors');
  });

  it('shows how large the effect is and how much speaks for it, and leaves the requests away where there is no room', () => {
    const checks = [check({ name: 'checkout-errors', observed: 0.021, verdict: 'fail', logE: 8.13, effect: 2.34, interval: [1.7, 3.1] })];
    const at = (width: number): string => render({ ...running, regions: [region({ status: 'soaking', soak: soak({ checks }) })] }, width);
    expect(at(80)).toContain('✗ checkout-errors  2.1 % > 1 %  ×2.3 (1.7–3.1), 3,400 : 1  fail');
    expect(at(120)).toContain('✗ checkout-errors  2.1 % > 1 %  412 requests  ×2.3 (1.7–3.1), 3,400 : 1  fail');
  });

  it('asks a person about a soak that has proven nothing, not about one that still runs', () => {
    const wait = { gate: 'soak', type: 'soak' as const, environment: 'production', region: 'sydney', since: '2026-01-01T10:00:20.000Z', needs: 'a decision' };
    const commands = (status: 'held' | 'soaking', asks = true): string => render({ ...waiting, waitingFor: [{ ...wait, asks }], regions: [region({ status, soak: soak() })] });
    expect(commands('held')).toMatch(/meridian approve shop-3 --gate soak --region sydney --reason "…"\n +meridian reject shop-3 --gate soak --region sydney --reason "…"/);
    expect(commands('soaking')).not.toMatch(/approve|reject|override/);
    expect(commands('held', false)).not.toMatch(/approve|reject|override/);
  });

  it('puts the failure of a region beneath it, unless the sentence at the top has said it', () => {
    const failure = { code: 'DeployFailed', message: 'virginia did not start: port 4103 is taken' };
    const regions = [...held.regions.slice(0, 3), region({ region: 'virginia', wave: 3, status: 'failed', release: '1.1.0', failure })];
    const text = render({ ...held, regions });
    expect(text).toContain('✗ virginia   failed        1.1.0\n               DeployFailed: virginia did not start: port 4103 is taken\n');
    expect(text.split('2.1 % of requests')).toHaveLength(2);
  });

  it('says a failure once that the rollout and a region share', () => {
    expect(render({ ...held, why: 'Rolling back 1.2.0.' }).split('2.1 % of requests')).toHaveLength(2);
  });

  it('names the command as it was called', () => {
    expect(renderRollout(held, { width: 80, colours: plain, timezone: 'UTC', now, program: 'npx meridian' })).toContain('npx meridian resume shop-3');
  });

  it('keeps commands whole where the effect has no room beside them', () => {
    expect(render(waiting, 60)).toContain('meridian reject shop-3 --gate go-no-go --reason "…"\n');
  });
});

const texts = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 100 }));
const slugs = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/);
const versions = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,60}$/);
const times = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-02-01'), noInvalidDate: true }).map((date) => date.toISOString());
const failures = fc.option(fc.record({ code: fc.constant('DeployFailed'), message: texts }), { nil: undefined });

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });

const checks = fc.record({
  name: slugs, kind: fc.constantFrom('ratio', 'value', 'histogram'), verdict: fc.constantFrom('pass', 'fail', 'no-data', 'error', 'inconclusive'),
  observed: maybe(numbers), limit: maybe(numbers), evidence: fc.nat(), logE: numbers, effect: maybe(numbers), interval: maybe(fc.tuple(numbers, numbers)),
  excluded: maybe(numbers), explanation: texts,
}).map((each) => check(each as Partial<ReturnType<typeof check>>));

const regions = fc.record({
  region: slugs, environment: fc.constantFrom('staging', 'production', 'a-long-name-of-an-environment'), wave: fc.integer({ min: 1, max: 50 }),
  tenant: fc.option(slugs, { nil: undefined }), note: fc.option(texts, { nil: undefined }), status: fc.constantFrom(...regionStatuses),
  release: fc.option(versions, { nil: null }), previous: fc.option(versions, { nil: null }), failure: failures,
  soak: fc.option(fc.record({
    credited: fc.nat(1e9), required: fc.integer({ min: 1, max: 1e9 }), max: fc.nat(1e9), startedAt: times,
    countingSince: fc.option(times, { nil: null }), decision: fc.constantFrom(...SoakDecision.options), explanation: texts, controls: fc.constant([]), checks: fc.array(checks, { maxLength: 4 }),
  }), { nil: undefined }),
});

const waitTypes: readonly WaitingFor['type'][] = ['approval', 'window', 'metric', 'alerts', 'dependency', 'webhook', 'freeze', 'drained', 'soak'];
const waits = fc.record({
  gate: slugs, type: fc.constantFrom(...waitTypes), environment: slugs, wave: fc.option(fc.nat(50), { nil: undefined }), tenant: fc.option(slugs, { nil: undefined }), region: fc.option(slugs, { nil: undefined }), since: times,
  until: fc.option(times, { nil: undefined }), needs: texts, approvals: fc.option(fc.array(fc.record({ by: texts, at: times }), { maxLength: 3 }), { nil: undefined }),
});

const overrides = fc.record({ by: texts, at: times, what: texts, reason: texts });

const rollouts = fc.record({
  status: fc.constantFrom(...rolloutStatuses), why: texts, release: versions, failure: failures,
  regions: fc.array(regions, { minLength: 1, maxLength: 30 }), waitingFor: fc.array(waits, { maxLength: 6 }), createdAt: times,
  lane: fc.constantFrom('normal', 'hotfix'), reason: fc.option(texts, { nil: undefined }), overrides: fc.array(overrides, { maxLength: 2 }),
  startAt: fc.option(times, { nil: undefined }), promoteTo: fc.option(slugs, { nil: undefined }), supersededBy: fc.option(fc.constant('shop-99'), { nil: undefined }),
}).map((given) => ({ ...running, ...given }) as Rollout);

describe('whatever a rollout says', () => {
  it('no line but a command or a link is wider than the terminal', () => {
    fc.assert(fc.property(rollouts, fc.integer({ min: 40, max: 200 }), (rollout, width) => {
      const lines = renderRollout(rollout, { width, colours: plain, timezone: 'UTC', now }).split('\n');
      const prose = lines.filter((line) => !/^ {4}meridian |^ {2}(Plan|API|Temporal) /.test(line));
      expect(Math.max(...prose.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
    }));
  });

  it('nothing in it can rewrite the terminal', () => {
    fc.assert(fc.property(rollouts, (rollout) => {
      expect(renderRollout(rollout, { width: 80, colours: plain, timezone: 'UTC', now }).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }));
  });

  it('colour is never the only sign: without it the text is the same', () => {
    fc.assert(fc.property(rollouts, (rollout) => {
      const options = { width: 80, timezone: 'UTC', now };
      expect(stripVTControlCharacters(renderRollout(rollout, { ...options, colours: coloured }))).toBe(renderRollout(rollout, { ...options, colours: plain }));
    }));
  });
});
