import { describe, expect, it } from 'vitest';
import { databaseWarnings } from '../../../src/rollout/document/database-warnings.js';
import { documentWarnings } from '../../../src/rollout/document/document-warnings.js';
import { shop } from '../sample-document.js';

const postgres = (changes: object = {}) => ({ type: 'postgres', url: '{{ DATABASE_URL }}', ...changes });
const url = (values: object[]) => [{ name: 'DATABASE_URL', secret: true, values }];
const env = (name: string, scope: object = {}) => ({ from: { env: name }, ...scope });
const own = url([env('A', { region: 'virginia' }), env('B', { region: 'sydney' }), env('C', { region: 'frankfurt' })]);
const warned = (changes: Record<string, unknown>) => databaseWarnings(shop(changes));

describe('a document warns of regions that share a database', () => {
  it('and expand one by one', () => {
    const shared = url([env('A'), env('B', { region: 'sydney', environment: 'staging' })]);
    expect(warned({ database: postgres(), variables: shared })).toEqual([
      'staging: virginia and frankfurt have the same database.url, and each expands before its own deploy. Write expandFirst: all where they share a database, so that nothing is deployed before it has its new shape.',
      expect.stringMatching(/^production: virginia, sydney and frankfurt have the same/),
    ]);
    expect(documentWarnings(shop({ database: postgres(), variables: shared }))).toEqual(expect.arrayContaining(warned({ database: postgres(), variables: shared })));
  });

  it('by an address that names no region', () => {
    expect(warned({ database: postgres({ url: 'postgres://db/shop' }) })).toHaveLength(2);
    expect(warned({ database: postgres({ url: 'postgres://db/{{ environment }}' }) })).toHaveLength(2);
  });

  it('not when all are expanded first, when each has its own, or while it has no value', () => {
    expect(warned({ database: postgres({ expandFirst: 'all' }), variables: url([env('A')]) })).toEqual([]);
    expect(warned({ database: postgres(), variables: own })).toEqual([]);
    expect(warned({ database: postgres({ url: 'postgres://db/{{ region.name }}' }) })).toEqual([]);
    expect(warned({ database: postgres(), variables: url([]) })).toEqual([]);
    expect(warned({})).toEqual([]);
  });

  it('and of tenants that do', () => {
    const tenants = { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'] } };
    expect(warned({ database: postgres(), variables: own, tenants })).toEqual([
      expect.stringMatching(/^staging: sydney\/acme and sydney\/globex have the same/), expect.stringMatching(/^production: /),
    ]);
  });
});

describe('a document warns of contracts', () => {
  const phases = (staging: object, production: object = {}) =>
    ({ database: postgres(production), variables: own, lifecycle: [{ environment: 'staging', database: postgres(staging) }, { environment: 'production' }] });

  it('that wait longer, or for a person, because one environment says so', () => {
    expect(warned(phases({ contractAfter: '5m', contract: 'manual' }))).toEqual([
      'database.contractAfter is 5m and 1h in different environments; the longest of them counts for all: a contract goes to every region.',
      'database.contract is manual and automatic in different environments; manual counts for all: a contract goes to every region.',
    ]);
  });

  it('that leave no time to come back', () => {
    expect(warned(phases({ contractAfter: '0s' }, { contractAfter: '0s' }))).toEqual([expect.stringMatching(/^database\.contractAfter is 0/)]);
  });
});
