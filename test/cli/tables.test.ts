import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderBoard } from '../../src/cli/board-table.js';
import { renderPlan } from '../../src/cli/plan-table.js';
import { overviewOf, renderOverview } from '../../src/cli/rollout-table.js';
import type { Board } from '../../src/rollout/schema/board.js';
import type { RolloutSummary } from '../../src/rollout/schema/rollout.js';
import { largePlan, plan } from './sample-plans.js';
import { extraordinary, held, now, running, scheduled, succeeded, tenByThree } from './sample-rollouts.js';

const colours = picocolors.createColors(false);

const options = { width: 80, colours, timezone: 'Europe/Berlin' };

describe('a plan', () => {
  it('reads as the walk that it is: phases, gates, soaks, waves with a reason for each place, approvals, times, warnings, the hash', () => {
    expect(`\n${renderPlan(plan, options)}\n`).toMatchInlineSnapshot(`
      "
      shop 1.1.0  by revision 3 of the document

      staging
        soak  10s in each region, at most 1m while nothing is proven; a look every 1s;
              at least 20 requests
                region     traffic  why here
        wave 1  frankfurt  100 %    named by the document; compared with its own past
                                    only

      production
        gate  go-no-go: approval by release-manager, not by the person who started the
              rollout, within 1d
        gate before each wave  no-alerts: no alert fires
        gate before each region  quiet: 01:00 to 05:00 in the time zone of the region
        soak  30m in each region, at most 2h while nothing is proven; a look every
              30s; at least 100 requests
                region         traffic  why here
        wave 1  sydney/acme    5 %      smallest: weight 5 (the tenants of a region
                                        together); compared with frankfurt
                sydney/globex           lives in sydney; compared with its own past
                                        only
        wave 2  frankfurt      100 %    second: weight 30 (1 at once); compared with
                                        virginia and sydney
                virginia                largest: weight 65, so what goes wrong before
                                        it touches the least of all the requests that
                                        there are; compared with frankfurt and sydney

      Approvals needed
        – go-no-go (production), once: approval by release-manager, within 1d

      Expected times (Europe/Berlin)
        staging     frankfurt      Sat 21 Nov 13:00 – 13:03
        production  sydney/acme    Sat 21 Nov 14:00 – 14:32
                    sydney/globex  Sat 21 Nov 14:00 – 14:32 *
                    frankfurt      Sun 22 Nov 01:00 – 01:32
                      quiet: opens at 01:00 in Europe/Berlin
                    virginia       Sun 22 Nov 11:00 – 23:00
                      quiet: opens at 01:00 in America/New_York
        * no deploy has been seen there: its time is a guess

      Soaks take 1h to 4h 1m in all. Expected Sat 21 Nov 13:00 – Sun 22 Nov 03:00, at
      the latest Sun 22 Nov 09:00, when people answer at once.
      There is no point of no return: every step has an undo.

      ! warning  frankfurt and virginia are a failover pair and share wave 2 of
                 production: nothing is left to fail over to while both change.

      To say yes to this plan and to nothing else:
        --plan 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      "
    `);
  });

  it('says what it leaves out and why, places with the same reason in a line', () => {
    const why = 'already runs there, verified';
    const leftOut = [
      { environment: 'production', region: 'perth', why }, { environment: 'production', region: 'sydney', tenant: 'acme', why },
      { environment: 'qa', why: 'optional, and not asked for' }, { environment: 'production', tenant: 'globex', why: 'held back: they test until Friday' },
    ];
    expect(renderPlan({ ...plan, alreadyVerified: ['staging'], leftOut }, options)).toContain(
      'Left out\n  – staging: the release is verified in every region\n  – production (perth, sydney/acme): already runs there, verified\n'
        + '  – qa: optional, and not asked for\n  – production (globex): held back: they test until Friday\n',
    );
  });

  it('names the lane and a rehearsal, and where promote goes on', () => {
    const text = renderPlan({ ...plan, lane: 'hotfix', next: 'production', phases: plan.phases.map((phase) => ({ ...phase, rehearse: true })) }, options);
    expect(text).toContain('shop 1.1.0  hot-fix  by revision 3');
    expect(text).toContain('  rehearsal  wave 1 deploys, undoes and deploys again before it soaks');
    expect(text).toContain('It ends before production: `meridian promote shop-N` ships 1.1.0 on.');
  });

  it('of ten regions in three phases fits a terminal of 80 columns', () => {
    const lines = renderPlan(largePlan, options).split('\n');
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
    expect(lines.filter((line) => line.startsWith('  wave '))).toHaveLength(30);
  });

  it('shows by the clock of the reader when each region begins and ends, in the order of the walk', () => {
    const text = renderPlan(plan, { ...options, timezone: 'Asia/Tokyo' });
    expect(text).toContain('Expected times (Asia/Tokyo)');
    expect(text).toContain('sydney/acme    Sat 21 Nov 22:00 – 22:32');
    expect(text.indexOf('staging     frankfurt')).toBeLessThan(text.indexOf('sydney/acme    Sat'));
  });
});

describe('the plan of a release that is verified everywhere', () => {
  it('says that there is nothing to do', () => {
    const nothing = {
      ...plan, revision: 1, alreadyVerified: ['staging', 'production'], phases: [], approvals: [], warnings: [], timetable: { ...plan.timetable, regions: [] },
    };
    expect(renderPlan(nothing, options)).toBe(
      'shop 1.1.0  by revision 1 of the document\n\nLeft out\n  – staging: the release is verified in every region\n'
        + '  – production: the release is verified in every region\n\nThere is nothing to do.',
    );
  });
});

describe('the board', () => {
  const cell = {
    environment: 'production', region: 'sydney', release: '1.0.0', verified: true, lastKnownGood: '1.0.0', status: 'live',
    since: new Date(now - 180_000).toISOString(), drained: null, override: null, rollout: 'shop-1',
  } as const;
  const board: Board = {
    pipeline: 'shop',
    cells: [
      { ...cell, environment: 'staging', region: 'frankfurt' },
      { ...cell, tenant: 'acme' },
      { ...cell, tenant: 'globex', drained: 'the provider moves racks' },
      { ...cell, region: 'frankfurt', release: '1.1.0', verified: false, status: 'soaking', rollout: 'shop-2', override: 'ben passed over qa: it has no network' },
      { ...cell, region: 'virginia', release: null, verified: false, lastKnownGood: null, status: 'empty', rollout: null },
      { ...cell, region: 'tokyo', release: null, verified: false, lastKnownGood: null, status: 'unknown', rollout: null },
    ],
  };

  it('says where a release is still watched on, and for how long', () => {
    const watched = { ...cell, provisional: new Date(now + 3 * 3_600_000).toISOString() };
    expect(renderBoard([{ pipeline: 'shop', cells: [watched] }], { ...options, now }).split('\n').at(-1))
      .toBe('      ● watched on  for 3h more: verified unless it gets worse');
  });

  it('has a line for each place, and says which are drained and where a rule was passed over', () => {
    expect(`\n${renderBoard([board], { ...options, now })}\n`).toMatchInlineSnapshot(`
      "
      shop
        staging
          frankfurt      ✓ 1.0.0  live     verified      for 3m, by shop-1
        production
          sydney/acme    ✓ 1.0.0  live     verified      for 3m, by shop-1
          sydney/globex  ✓ 1.0.0  live     verified      for 3m, by shop-1
            ‖ drained  the provider moves racks
          frankfurt      ● 1.1.0  soaking  not verified  for 3m, by shop-2
            undo  puts back 1.0.0, the last known good
            ! override  ben passed over qa: it has no network
          virginia       – nothing runs here
          tokyo          ? not looked at yet
      "
    `);
  });

  it('of ten regions in three environments fits a terminal of 80 columns', () => {
    const cells = tenByThree.regions.map(({ environment, region }) => ({ ...cell, environment, region, release: '1.1.0', lastKnownGood: '1.1.0', drained: 'the provider moves racks' }));
    const lines = renderBoard([{ pipeline: 'shop', cells }], { ...options, now }).split('\n');
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
    expect(lines).toHaveLength(1 + 3 + 60);
  });

  it('says what to do when there is none', () => {
    expect(renderBoard([], { ...options, now })).toBe('No pipeline yet: `apply -f pipeline.yaml` adds one.');
  });
});

describe('the list of rollouts', () => {
  const finished = Array.from({ length: 7 }, (_, at) => ({ ...succeeded, id: `shop-${9 - at}`, number: 9 - at }));
  const summaries: RolloutSummary[] = [{ ...held, id: 'shop-11' }, { ...running, id: 'shop-10' }, ...finished];

  it('shows those under way with the reason, and the last five that have finished', () => {
    expect(`\n${renderOverview(overviewOf(summaries), { ...options, now: now + 600_000 })}\n`).toMatchInlineSnapshot(`
      "
      ! shop-11  1.2.0  held     production  since 10m 36s, by ana
          Held: sydney answered 2.1 % of requests with errors (objective 0.1 %, 1,204
          requests). Rolled back to 1.1.0. Nothing new starts until you resume (try
          again), rollback or abort.
      ● shop-10  1.1.0  running  production  since 10m 36s, by ana
          Shipping 1.1.0 to production: soaking frankfurt for 12s (at most 1m).

      Finished
      ✓ shop-9  1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-8  1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-7  1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-6  1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-5  1.1.0  succeeded  production  9m 1s ago, by ana
      "
    `);
  });

  it('says so when nothing is under way', () => {
    expect(renderOverview(overviewOf([]), { ...options, now })).toBe('No rollout is under way.');
  });

  it('shows when a scheduled one starts, which takes the hot-fix lane, and for ever which rule was passed over', () => {
    const text = renderOverview(overviewOf([scheduled, { ...extraordinary, id: 'shop-12' }, { ...extraordinary, id: 'shop-9', status: 'succeeded' }]), { ...options, now });
    expect(text).toMatch(/○ shop-3 +1\.1\.0  scheduled +starts Thu 1 Jan 23:00, by ana/);
    expect(text).toMatch(/running +staging +hot-fix, since 36s, by ana/);
    expect(text.split('! override  ben passed over')).toHaveLength(3);
  });
});
