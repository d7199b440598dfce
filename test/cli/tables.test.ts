import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { renderBoard } from '../../src/cli/board-table.js';
import { renderPlan } from '../../src/cli/plan-table.js';
import { overviewOf, renderOverview } from '../../src/cli/rollout-table.js';
import type { Board } from '../../src/rollout/schema/board.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import type { RolloutSummary } from '../../src/rollout/schema/rollout.js';
import { held, now, running, succeeded } from './sample-rollouts.js';

const colours = picocolors.createColors(false);

describe('a plan', () => {
  const plan: Plan = {
    pipeline: 'shop', revision: 3, release: '1.1.0', alreadyVerified: [],
    phases: [
      {
        environment: 'staging', gates: [], regionGates: [], minSamples: 20, soakMs: { min: 10_000, max: 60_000, interval: 1_000 },
        waves: [{ number: 1, concurrency: 1, exposure: 1, regions: [{ region: 'frankfurt', why: 'named by the document' }] }],
      },
      {
        environment: 'production', regionGates: [{ name: 'quiet', type: 'approval', needs: 'approval by on-call, within 1h' }],
        gates: [{ name: 'go-no-go', type: 'approval', needs: 'approval by release-manager, not by the person who started the rollout, within 1d' }],
        minSamples: 100, soakMs: { min: 1_800_000, max: 7_200_000, interval: 30_000 },
        waves: [
          { number: 1, concurrency: 1, exposure: 0.05, regions: [{ region: 'sydney', why: 'smallest: weight 5' }] },
          {
            number: 2, concurrency: 1, exposure: 1,
            regions: [
              { region: 'frankfurt', why: 'second: weight 30' },
              { region: 'virginia', why: 'largest: weight 65, so what goes wrong before it touches the least of all the requests that there are' },
            ],
          },
        ],
      },
    ],
    warnings: ['frankfurt and virginia are a failover pair and share wave 2 of production: nothing is left to fail over to while both change.'],
    expectedMs: { min: 3_610_000, max: 14_460_000 },
  };

  it('reads as the walk that it is: phases, gates, soaks, waves with a reason for each place, time, warnings', () => {
    expect(`\n${renderPlan(plan, { width: 80, colours })}\n`).toMatchInlineSnapshot(`
      "
      shop 1.1.0  by revision 3 of the document

      staging
        soak  10s in each region, at most 1m; a look every 1s; a ratio needs 20
              requests
                region     traffic  why here
        wave 1  frankfurt  100 %    named by the document

      production
        gate  go-no-go: approval by release-manager, not by the person who started the
              rollout, within 1d
        gate before each region  quiet: approval by on-call, within 1h
        soak  30m in each region, at most 2h; a look every 30s; a ratio needs 100
              requests
                region     traffic  why here
        wave 1  sydney     5 %      smallest: weight 5
        wave 2  frankfurt  100 %    second: weight 30 (1 at once)
                virginia            largest: weight 65, so what goes wrong before it
                                    touches the least of all the requests that there
                                    are

      Takes 1h to 4h 1m: the soaks, without gates and deploys

      ! warning  frankfurt and virginia are a failover pair and share wave 2 of
                 production: nothing is left to fail over to while both change.
      "
    `);
  });

  it('says which phases it leaves out, and why', () => {
    expect(renderPlan({ ...plan, phases: plan.phases.slice(1), alreadyVerified: ['staging'] }, { width: 80, colours }))
      .toContain('Left out: staging, where the release is verified in every region');
  });
});

describe('the plan of a release that is verified everywhere', () => {
  it('says that there is nothing to do', () => {
    const plan = { pipeline: 'shop', revision: 1, release: '1.1.0', alreadyVerified: ['staging', 'production'], phases: [], warnings: [], expectedMs: { min: 0, max: 0 } };
    expect(renderPlan(plan, { width: 80, colours })).toBe(
      'shop 1.1.0  by revision 1 of the document\n\nLeft out: staging, production, where the release is verified in every region\nThere is nothing to do.',
    );
  });
});

describe('the board', () => {
  const cell = { environment: 'production', region: 'sydney', release: '1.0.0', verified: true, lastKnownGood: '1.0.0', status: 'live', since: new Date(now - 180_000).toISOString(), rollout: 'shop-1' } as const;
  const board: Board = {
    pipeline: 'shop',
    cells: [
      cell,
      { ...cell, region: 'frankfurt', release: '1.1.0', verified: false, status: 'soaking', rollout: 'shop-2' },
      { ...cell, region: 'virginia', release: null, verified: false, lastKnownGood: null, status: 'empty', rollout: null },
      { ...cell, region: 'tokyo', release: null, verified: false, lastKnownGood: null, status: 'unknown', rollout: null },
    ],
  };

  it('has a line for each environment and region', () => {
    expect(`\n${renderBoard([board], colours, now)}\n`).toMatchInlineSnapshot(`
      "
      shop
        production  sydney     ✓ 1.0.0  live     verified      for 3m, by shop-1
        production  frankfurt  ● 1.1.0  soaking  not verified  for 3m, by shop-2  last known good 1.0.0
        production  virginia   – nothing runs here
        production  tokyo      ? not looked at yet
      "
    `);
  });

  it('says what to do when there is none', () => {
    expect(renderBoard([], colours, now)).toBe('No pipeline yet: `apply -f pipeline.yaml` adds one.');
  });
});

describe('the list of rollouts', () => {
  const finished = Array.from({ length: 7 }, (_, at) => ({ ...succeeded, id: `shop-${9 - at}`, number: 9 - at }));
  const summaries: RolloutSummary[] = [{ ...held, id: 'shop-11' }, { ...running, id: 'shop-10' }, ...finished];

  it('shows those under way with the reason, and the last five that have finished', () => {
    expect(`\n${renderOverview(overviewOf(summaries), { width: 80, colours, now: now + 600_000 })}\n`).toMatchInlineSnapshot(`
      "
      ! shop-11  shop 1.2.0  held     production  since 10m 36s, by ana
          Held: sydney answered 2.1 % of requests with errors (objective 0.1 %, 1,204
          requests). Rolled back to 1.1.0. Nothing new starts until you resume (try
          again), rollback or abort.
      ● shop-10  shop 1.1.0  running  production  since 10m 36s, by ana
          Shipping 1.1.0 to production: soaking frankfurt for 12s (at most 1m).

      Finished
      ✓ shop-9  shop 1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-8  shop 1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-7  shop 1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-6  shop 1.1.0  succeeded  production  9m 1s ago, by ana
      ✓ shop-5  shop 1.1.0  succeeded  production  9m 1s ago, by ana
      "
    `);
  });

  it('says so when nothing is under way', () => {
    expect(renderOverview(overviewOf([]), { width: 80, colours, now })).toBe('No rollout is under way.');
  });
});
