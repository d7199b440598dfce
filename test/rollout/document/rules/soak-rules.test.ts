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

describe('the times of a soak', () => {
  it.each([
    [{ min: '30m', max: '10m' }, 'soak/max: max is 10m and min is 30m: a soak cannot end before it is credited; raise max'],
    [{ min: '30m', duration: '10m' }, 'soak/duration: duration is 10m and min is 30m: a soak cannot be meant to end before it is credited; raise duration'],
    [{ min: '30m', duration: '3h' }, 'soak/duration: duration is 3h and max is 2h: a soak cannot be meant to take longer than it may; raise max'],
  ])('stand in their order: %j', (soak, error) => {
    expect(told({ soak })).toEqual([`/${error}`]);
    expect(told({ lifecycle: [{ ...production, soak }] })).toEqual([`/lifecycle/0/${error.replace(': ', ': in production, ')}`]);
  });

  it.each([{ min: '30m', duration: '30m', max: '30m' }, { min: '1m', duration: '1h', max: '2h' }])('may be the same: %j', (soak) => {
    expect(told({ soak })).toEqual([]);
  });

  it('of a phase stand over those of the pipeline, one by one', () => {
    const soak = { min: '30m', duration: '1h', max: '2h' };
    expect(told({ soak, lifecycle: [{ ...production, soak: { max: '45m' } }] })).toEqual([
      '/lifecycle/0/soak/duration: in production, duration is 1h and max is 45m: a soak cannot be meant to take longer than it may; raise max',
    ]);
    expect(told({ soak, lifecycle: [{ ...production, soak: { max: '45m', duration: '45m' } }] })).toEqual([]);
  });
});

it('an error budget has a check that counts what is bad', () => {
  const errors = { name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 };
  const budget = (check: Record<string, unknown>) => told({ metrics: { type: 'scrape', url: 'http://x' }, checks: [check], policy: { errorBudget: 50 } });
  expect(budget(errors)).toEqual([]);
  expect(budget({ name: 'latency', kind: 'histogram', buckets: 'seconds_bucket' })).toEqual([
    '/policy/errorBudget: 50 bad requests, and no check of kind ratio that could count one: it would never be spent. Give such a check, or leave this out',
  ]);
});
