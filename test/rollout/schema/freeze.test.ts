import { describe, expect, it } from 'vitest';
import { FreezeRequest, FreezeScope } from '../../../src/rollout/schema/freeze.js';

const freeze = { scope: 'all', reason: 'Black Friday' };
const isFreeze = (changes: object): boolean => FreezeRequest.safeParse({ ...freeze, ...changes }).success;

describe('the scope of a freeze', () => {
  it.each<[string, unknown]>([
    ['everything', 'all'],
    ['some pipelines', { pipelines: ['shop'] }],
    ['some places', { environments: ['production'], regions: ['sydney', 'frankfurt'], tenants: ['acme'] }],
  ])('may be %s', (_title, scope) => {
    expect(FreezeScope.parse(scope)).toEqual(scope);
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['an empty list: nobody knows whether that is all or none', { regions: [] }],
    ['another word', 'everything'],
    ['a list that is not there', { clusters: ['a'] }],
    ['a name that no region has', { regions: ['Sydney!'] }],
    ['more names than a pipeline has regions', { regions: Array.from({ length: 201 }, (_, index) => `r${index}`) }],
  ])('is never %s', (_title, scope) => {
    expect(FreezeScope.safeParse(scope).success).toBe(false);
  });
});

describe('a freeze', () => {
  it('begins now and lasts until somebody lifts it, unless it says otherwise', () => {
    expect(FreezeRequest.parse(freeze)).toEqual(freeze);
    const times = { from: '2026-11-27T00:00:00+01:00', to: '2026-11-28T00:00:00Z', owner: 'sales' };
    expect(FreezeRequest.parse({ ...freeze, ...times })).toEqual({ ...freeze, ...times });
  });

  it.each([
    ['without a reason', { reason: '' }],
    ['with a reason that is a book', { reason: 'x'.repeat(2_001) }],
    ['that ends when it begins', { from: '2026-11-27T00:00:00Z', to: '2026-11-27T00:00:00Z' }],
    ['that ends before it begins, by another clock', { from: '2026-11-27T00:00:00-08:00', to: '2026-11-27T07:59:00Z' }],
    ['at a time of no place', { from: '2026-11-27T00:00:00' }],
    ['at a time that is a date', { to: '2026-11-27' }],
    ['held by nobody', { owner: '' }],
    ['by somebody whom it names itself', { by: 'root' }],
  ])('is refused %s', (_title, changes) => {
    expect(isFreeze(changes)).toBe(false);
  });
});
