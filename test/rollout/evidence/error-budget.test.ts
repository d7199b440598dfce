import { describe, expect, it } from 'vitest';
import { budgetLeft, budgetMessage, spentOf, withCost, type SoakCost } from '../../../src/rollout/evidence/error-budget.js';
import type { CheckResult, SoakProgress } from '../../../src/rollout/schema/rollout.js';

const check = (name: string, attributable: number, kind: CheckResult['kind'] = 'ratio'): CheckResult => ({
  name, kind, verdict: 'pass', observed: 0, limit: 0.01, evidence: 100, logE: 0, effect: 1, interval: [0.5, 2], excluded: 2, attributable, controls: [], explanation: '',
});
const soak = (startedAt: string, ...checks: CheckResult[]): SoakProgress =>
  ({ startedAt, credited: 0, countingSince: null, required: 1, max: 1, decision: 'continue', explanation: '', controls: [], checks });
const says = (region: string, at: string, ...checks: CheckResult[]) => ({ environment: 'production', region, soak: soak(at, ...checks) });
const first = '2026-11-21T10:00:00.000Z';
const second = '2026-11-21T11:00:00.000Z';
const after = (...states: Parameters<typeof withCost>[1][]): SoakCost[] => states.reduce<SoakCost[]>(withCost, []);

describe('what a release has cost', () => {
  it('is the sum over its regions, and names the most expensive first', () => {
    const costs = after(says('sydney', first, check('errors', 112)), says('frankfurt', first, check('errors', 500)), says('virginia', first, check('errors', 0)));
    expect(spentOf(costs)).toEqual({ requests: 612, places: ['production/frankfurt', 'production/sydney'] });
  });

  it('is nothing before anything was seen, and nothing of regions that do not soak or have no such check', () => {
    expect(spentOf([])).toEqual({ requests: 0, places: [] });
    expect(after({ environment: 'production', region: 'sydney' }, says('sydney', first), says('sydney', first, check('memory', 9, 'value')))).toEqual([]);
  });

  it('is what was said last of each soak, and a place that soaks again costs again', () => {
    const costs = after(says('sydney', first, check('errors', 5)), says('sydney', first, check('errors', 40)), says('sydney', second, check('errors', 2)));
    expect(spentOf(costs).requests).toBe(42);
  });

  it('is that of the most expensive check: a request that is slow and fails is one', () => {
    const costs = after(says('sydney', first, check('errors', 10), check('slow', 30)), says('frankfurt', first, check('errors', 25), check('slow', 1)));
    expect(spentOf(costs)).toEqual({ requests: 35, places: ['production/frankfurt', 'production/sydney'] });
  });

  it('is less where a region went better than without it, but never below nothing', () => {
    expect(spentOf(after(says('sydney', first, check('errors', 30)), says('frankfurt', first, check('errors', -10))))).toEqual({ requests: 20, places: ['production/sydney'] });
    expect(spentOf(after(says('sydney', first, check('errors', -30)))).requests).toBe(0);
  });
});

describe('what is left of an error budget', () => {
  it('is what was not spent, and never less than none', () => {
    const costs = after(says('sydney', first, check('errors', 612)));
    expect(budgetLeft(costs, 1_000)).toBe(388);
    expect(budgetLeft(costs, 500)).toBe(0);
    expect(budgetLeft([], 500)).toBe(500);
  });

  it('is told with numbers, places, and what can be done once it is spent', () => {
    const costs = after(says('sydney', first, check('errors', 500.4)), says('frankfurt', first, check('errors', 1_111.9)));
    expect(budgetMessage('1.4.2', spentOf(costs), 500, 500)).toBe(
      '1.4.2 has cost 1,612 bad requests in production/frankfurt and production/sydney, 500 is the budget. Resume to let it cost 500 more, or rollback or abort.',
    );
  });
});
