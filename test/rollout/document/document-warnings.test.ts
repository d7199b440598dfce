import { describe, expect, it } from 'vitest';
import { documentWarnings } from '../../../src/rollout/document/document-warnings.js';
import { shop } from '../sample-document.js';

describe('the warnings of a document', () => {
  it('are those of every phase, of optional ones and of those that wait for a promotion too', () => {
    const lifecycle = [{ environment: 'staging' }, { environment: 'canary', optional: true }, { environment: 'production', promotion: 'manual' }];
    const unwatched = 'there are no checks; the soak only waits and cannot see a bad release.';
    expect(documentWarnings(shop({ lifecycle }))).toEqual([`staging: ${unwatched}`, `canary: ${unwatched}`, `production: ${unwatched}`]);
  });

  it('name first what regions lack: nothing is shipped there until it is given', () => {
    const variables = [{ name: 'CURRENCY', required: true, values: [{ value: 'EUR', region: 'frankfurt' }] }];
    expect(documentWarnings(shop({ variables }))[0]).toMatch(/required values are missing: CURRENCY in .*production\/sydney.*Until then nothing is shipped there\.$/);
  });

  it('name what a soak will hardly give, before those of the plan', () => {
    const checks = [{ name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 }];
    const lifecycle = [{ environment: 'production', waves: [['virginia'], ['sydney'], ['frankfurt']], soak: { min: '1m' } }];
    expect(documentWarnings(shop({ metrics: { type: 'scrape', url: 'http://x' }, checks, lifecycle })).slice(0, 2)).toEqual([
      expect.stringContaining('production: the soak sees 2 looks'), expect.stringContaining('virginia carries the most traffic'),
    ]);
  });

  it('say nothing of a phase in which every tenant is held back', () => {
    expect(documentWarnings(shop({ tenants: { acme: { regions: ['sydney', 'frankfurt', 'virginia'], holdBack: 'audit' } } }))).toEqual([]);
  });
});
