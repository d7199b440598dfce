import { describe, expect, it } from 'vitest';
import type { Walk } from '../../../src/rollout/pipeline/locks.js';
import { supersededRunning, takesOver } from '../../../src/rollout/pipeline/supersede.js';

const walk = (number: number, changes: Partial<Walk> = {}): Walk =>
  ({ rollout: `shop-${number}`, number, lane: 'normal', release: `1.${number}.0`, environments: ['staging', 'production'], ...changes });
const hotfix = { lane: 'hotfix' as const };

describe('a newer rollout takes over', () => {
  it.each<[string, boolean, Walk, Walk, 'queue' | 'supersede' | 'reject']>([
    ['where the policy says so', true, walk(2), walk(1), 'supersede'],
    ['not where it says queue', false, walk(2), walk(1), 'queue'],
    ['not where it says reject', false, walk(2), walk(1), 'reject'],
    ['when it goes further than the older one', true, walk(2), walk(1, { environments: ['production'] }), 'supersede'],
    ['not when it would leave an environment of the older one behind', false, walk(2, { environments: ['staging'] }), walk(1), 'supersede'],
    ['not when it is the older one, whose time came later', false, walk(1), walk(2), 'supersede'],
    ['not from itself', false, walk(1), walk(1), 'supersede'],
    ['not from a hot-fix', false, walk(2), walk(1, hotfix), 'supersede'],
  ])('%s', (_title, expected, newer, older, overlap) => {
    expect(takesOver(newer, older, overlap)).toBe(expected);
  });
});

describe('from a contract', () => {
  const contract = (number: number) => walk(number, { contract: ['0042-split'] });
  const running = (number: number) => ({ ...contract(number), newer: null });

  it.each(['queue', 'supersede', 'reject'] as const)('whoever ships takes over where the policy says %s, one that was scheduled before it too', (overlap) => {
    expect([takesOver(walk(2), running(1), overlap), takesOver(walk(1), running(2), overlap)]).toEqual([true, true]);
    expect(supersededRunning([running(2)], [{ ...walk(1), isReady: true, behind: null }], overlap)).toEqual([{ rollout: 'shop-2', by: 'shop-1' }]);
  });

  it('in line only who comes after it does: it waits for whoever was before it', () => {
    expect([takesOver(walk(2), contract(1), 'queue'), takesOver(walk(1), contract(2), 'queue')]).toEqual([true, false]);
  });

  it('no other contract does, nor who goes elsewhere', () => {
    expect(takesOver(contract(2), running(1), 'supersede')).toBe(false);
    expect(takesOver(walk(2, { environments: ['load'] }), running(1), 'supersede')).toBe(false);
  });
});

describe('a hot-fix', () => {
  it.each(['queue', 'supersede', 'reject'] as const)('takes over from whatever is in its way, and never from a hot-fix, where the policy says %s', (overlap) => {
    expect(takesOver(walk(2, { ...hotfix, environments: ['production'] }), walk(1), overlap)).toBe(true);
    expect(takesOver(walk(2, { ...hotfix, environments: ['production'] }), walk(1, { environments: ['staging'] }), overlap)).toBe(false);
    expect(takesOver(walk(2, hotfix), walk(1, hotfix), overlap)).toBe(false);
  });
});
