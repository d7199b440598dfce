import { describe, expect, it } from 'vitest';
import { told, toldAt } from './told.js';

describe('variables', () => {
  it('are right when each scope has one value and each scope exists', () => {
    const values = [{ value: 1 }, { value: 2, region: 'sydney' }, { value: 3, tenant: 'acme' }, { value: 4, tenant: 'acme', region: 'sydney', environment: 'staging' }];
    expect(told({ tenants: { acme: { regions: ['sydney'] } }, variables: [{ name: 'A', values }, { name: 'B', default: 1 }] })).toEqual([]);
  });

  it('have one value for one scope', () => {
    const tied = [{ value: 1, tenant: 'acme', region: 'sydney' }, { value: 2 }, { value: 3, region: 'sydney', tenant: 'acme' }, { value: 4, tenant: 'acme', region: 'sydney' }];
    expect(told({ tenants: { acme: { regions: ['sydney'] } }, variables: [{ name: 'A', values: tied }] }))
      .toEqual(['/variables/0/values: A has more than one value for region sydney and tenant acme: none is more specific than the other. Keep one.']);
  });

  it('have no default beside a value for every place', () => {
    expect(told({ variables: [{ name: 'A', default: 1, values: [{ value: 2 }] }, { name: 'B', default: 1, values: [{ value: 2, region: 'sydney' }] }] }))
      .toEqual(['/variables/0/default: A has a value for every place besides: the default would never be used. Keep one']);
  });

  it('have values for tenants that are there, in regions where they live', () => {
    const values = [{ value: 1, tenant: 'acne' }, { value: 2, tenant: 'acme', region: 'frankfurt' }, { value: 3, tenant: 'acme', region: 'oslo' }];
    expect(told({ tenants: { acme: { regions: ['sydney', 'virginia'] } }, variables: [{ name: 'A', values }] })).toEqual([
      '/variables/0/values/0/tenant: there is no tenant acne; tenants: acme. Did you mean acme?',
      '/variables/0/values/2/region: there is no region oslo; regions: virginia, sydney, frankfurt.',
      '/variables/0/values/1/region: acme does not live in frankfurt; it lives in sydney, virginia',
    ]);
    expect(told({ variables: [{ name: 'A', values: [{ value: 1, tenant: 'acme' }] }] })).toEqual(['/variables/0/values/0/tenant: there is no tenant acme; tenants: none.']);
  });

  it('name at most thirty of the names that would have been right', () => {
    const regions = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`r${index}`, { weight: 1 }]));
    expect(told({ regions, variables: [{ name: 'A', values: [{ value: 1, region: 'oslo' }] }] })[0]).toMatch(/r28, r29 and 10 more\.$/);
  });
});

describe('what is written down for a variable', () => {
  const typed = (type: string, literals: unknown[], options?: string[]) =>
    toldAt({ variables: [{ name: 'A', type, ...(options && { options }), values: literals.map((value, index) => ({ value, environment: ['staging', 'production'][index % 2], region: ['virginia', 'sydney', 'frankfurt'][index >> 1] })) }] });
  const all = (count: number) => Array.from({ length: count }, (_, index) => `/variables/0/values/${index}/value`);

  it.each<[string, unknown[], unknown[]]>([
    ['text', ['', 'x', 5, true], []],
    ['number', [5, -1.5, '4100', '1e3'], ['', ' ', 'x', '5 apples', true, 'Infinity']],
    ['boolean', [true, false, 'true', 'false'], ['yes', 1, '', 'TRUE']],
    ['url', ['https://shop.example/x?y=1', 'postgres://db:5432/shop'], ['shop.example', '', 5, '/x']],
  ])('is of its type: %s', (type, right, wrong) => {
    expect(typed(type, right)).toEqual([]);
    expect(typed(type, wrong)).toEqual(all(wrong.length));
  });

  it('is one of the options of a choice', () => {
    expect(typed('choice', ['gold', 'bronze'], ['bronze', 'gold'])).toEqual([]);
    expect(told({ variables: [{ name: 'PLAN', type: 'choice', options: ['bronze', 'gold', 'gold'], default: 'goldd' }] })).toEqual([
      '/variables/0/options/2: the option gold stands here a second time; name each once',
      '/variables/0/default: PLAN is one of bronze, gold, gold; got "goldd". Did you mean gold?',
    ]);
  });

  it('is told back, shortened, and never when it may hold a password', () => {
    expect(told({ variables: [{ name: 'A', type: 'number', default: 'x'.repeat(100) }] })).toEqual([`/variables/0/default: A is a number; got "${'x'.repeat(59)}…`]);
    expect(told({ variables: [{ name: 'A', type: 'url', default: 'db:hunter2' }, { name: 'B', type: 'url', default: 'ana:hunter2@db' }] }).join('\n')).not.toContain('hunter2');
  });

  it('is not asked of a reference, which only the worker can read', () => {
    expect(told({ variables: [{ name: 'A', type: 'number', values: [{ from: { env: 'A' } }] }] })).toEqual([]);
  });
});
