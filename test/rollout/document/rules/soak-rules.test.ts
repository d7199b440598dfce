import { describe, expect, it } from 'vitest';
import { production, told } from './told.js';

describe('the soak of a hot fix', () => {
  const hotfix = (soak: string, changes: Record<string, unknown> = {}) => told({ policy: { hotfix: { soak } }, ...changes });

  it('is shorter than others, and never none: the metrics are looked at twice', () => {
    expect(hotfix('1m')).toEqual([]);
    expect(hotfix('59s', { lifecycle: [production] })).toEqual(['/policy/hotfix/soak: 59s is too short for production, which is looked at every 30s: two looks take 1m']);
  });

  it('is held against the interval of each phase that it shortens', () => {
    const lifecycle = [{ environment: 'staging', soak: { interval: '1m' } }, { environment: 'short', soak: { min: '30s', interval: '30s' } }, { environment: 'production', soak: { interval: '2s' } }];
    expect(hotfix('1m', { lifecycle })).toEqual(['/policy/hotfix/soak: 1m is too short for staging, which is looked at every 1m: two looks take 2m']);
    expect(hotfix('2m', { lifecycle })).toEqual([]);
  });

  it('is no longer than any soak may be', () => {
    expect(hotfix('3h')).toEqual(['/policy/hotfix/soak: 3h is longer than soak.max, 2h: the lane is for a shorter soak']);
    expect(hotfix('2h')).toEqual([]);
  });
});
