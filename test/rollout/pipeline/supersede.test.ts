import { describe, expect, it } from 'vitest';
import type { Walk } from '../../../src/rollout/pipeline/locks.js';
import { takesOver } from '../../../src/rollout/pipeline/supersede.js';

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

describe('a hot-fix', () => {
  it.each(['queue', 'supersede', 'reject'] as const)('takes over from whatever is in its way, and never from a hot-fix, where the policy says %s', (overlap) => {
    expect(takesOver(walk(2, { ...hotfix, environments: ['production'] }), walk(1), overlap)).toBe(true);
    expect(takesOver(walk(2, { ...hotfix, environments: ['production'] }), walk(1, { environments: ['staging'] }), overlap)).toBe(false);
    expect(takesOver(walk(2, hotfix), walk(1, hotfix), overlap)).toBe(false);
  });
});
