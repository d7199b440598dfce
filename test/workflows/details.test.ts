import { describe, expect, it } from 'vitest';
import type { RegionState, Rollout } from '../../src/rollout/schema/rollout.js';
import { regionDetails, rolloutDetails } from '../../workflows/details.js';

const at = '2026-11-21T10:00:00.000Z';
const names = ['sydney', 'tokyo', 'mumbai', 'singapore', 'frankfurt', 'dublin', 'saopaulo', 'oregon', 'virginia', 'capetown'];
const inAll = (environment: string, status: RegionState['status']): RegionState[] => names.map((region, index) => ({
  environment, region, wave: index + 1, status, release: status === 'live' ? '1.1.0' : null, previous: index % 2 === 0 ? '1.0.0' : null, attempts: 1,
}));

const rollout = (changes: Partial<Rollout>): Omit<Rollout, 'links'> => ({
  id: 'shop-1', pipeline: 'shop', number: 1, release: '1.1.0', status: 'running', phase: 'staging', lane: 'normal', startedBy: 'ana', createdAt: at,
  overrides: [], plan: 'a'.repeat(64), why: 'Shipping 1.1.0 to staging.', waitingFor: [], regions: [], timeline: [], ...changes,
});

const rows = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| environment'));

describe('what the Temporal UI shows of a rollout', () => {
  it('has a row for each region of the phase at work, and one for each phase at rest', () => {
    const regions = [...inAll('test', 'live'), ...inAll('staging', 'soaking'), ...inAll('production', 'pending')];
    const shown = rows(rolloutDetails(rollout({ regions })));
    expect(shown).toHaveLength(12);
    expect(shown[0]).toBe('| test | all | 10 places: sydney, tokyo, mumbai, … | **live** | → 1.1.0 | |');
    expect(shown[11]).toBe('| production | all | 10 places: sydney, tokyo, mumbai, … | **pending** |  | |');
  });

  it('hides no region that is not like the others', () => {
    const [first, ...others] = inAll('test', 'live');
    const regions = [{ ...first!, status: 'skipped' as const, note: 'left out by ben while drained' }, ...others];
    expect(rows(rolloutDetails(rollout({ regions })))).toHaveLength(10);
    expect(rolloutDetails(rollout({ regions }))).toContain('**skipped** (left out by ben while drained)');
  });

  it('says who has said yes so far, and what was passed over, first of all', () => {
    const text = rolloutDetails(rollout({
      waitingFor: [{ gate: 'go-no-go', type: 'approval', environment: 'production', wave: 2, since: at, needs: 'approval of 2', approvals: [{ by: 'ben', at }] }],
      overrides: [{ by: 'cleo', at, what: 'the gate production/quiet', reason: 'customers wait' }],
    }));
    expect(text).toContain('- waits for **go-no-go** of wave 2 of production: approval of 2 (so far: ben)');
    expect(text.indexOf('⚠ cleo passed over the gate production/quiet: customers wait')).toBeLessThan(text.indexOf('| environment'));
  });
});

describe('what the Temporal UI shows of a region that soaks', () => {
  it('has what the judge decided and why, and a line for each check', () => {
    const check = {
      name: 'errors', kind: 'ratio' as const, verdict: 'inconclusive' as const, observed: 0.002, limit: 0.01, evidence: 4_000, logE: 3.5, effect: 1.9,
      interval: [1.2, 3] as [number, number], excluded: null, attributable: 4, controls: ['virginia'], explanation: 'errors ×1.9 (95 %: 1.2–3) against virginia; evidence 34 : 1',
    };
    const soak = {
      startedAt: at, credited: 60_000, countingSince: at, required: 300_000, max: 600_000, decision: 'hold' as const, cause: 'evidence' as const,
      explanation: 'held: errors ×1.9', controls: ['virginia'], checks: [check],
    };
    const text = regionDetails({ ...inAll('production', 'soaking')[0]!, soak });
    expect(text).toContain('Soak: 1m of 5m, **hold** — held: errors ×1.9\n\n- errors: **inconclusive** — errors ×1.9 (95 %: 1.2–3) against virginia; evidence 34 : 1');
  });
});
