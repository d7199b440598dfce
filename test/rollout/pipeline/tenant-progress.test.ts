import { describe, expect, it } from 'vitest';
import { tenantProgress } from '../../../src/rollout/pipeline/tenant-progress.js';
import { shop } from '../sample-document.js';

const document = shop({
  tenants: { acme: { regions: ['sydney', 'frankfurt'] }, beta: { label: 'Beta', regions: ['frankfurt'], holdBack: 'They audit.' } },
  lifecycle: [{ environment: 'canary', optional: true }, { environment: 'staging', waves: [['frankfurt']] }, { environment: 'production' }],
});
const cell = (environment: string, region: string, tenant: string, release: string | null, verified: boolean) => ({ environment, region, tenant, release, verified });

describe('the progress of a release per tenant', () => {
  it('counts the places of the strict phases, of each tenant alone, where the release runs and is verified', () => {
    const board = [
      cell('staging', 'frankfurt', 'acme', '2', true), cell('production', 'sydney', 'acme', '2', false), cell('production', 'frankfurt', 'acme', '1', true),
      cell('production', 'frankfurt', 'beta', '1', true), cell('canary', 'sydney', 'acme', '2', true),
    ];
    const [acme, beta] = tenantProgress(document, board, '2');
    expect(acme).toMatchObject({ name: 'acme', done: 1, total: 3 });
    expect(acme!.places.map(({ environment, region, release, isDone }) => [environment, region, release, isDone])).toEqual([
      ['staging', 'frankfurt', '2', true], ['production', 'sydney', '2', false], ['production', 'frankfurt', '1', false],
    ]);
    expect(beta).toMatchObject({ name: 'beta', label: 'Beta', heldBack: 'They audit.', done: 0, total: 2 });
  });

  it('is none at all before the first release, and where the document has no tenants there is nobody', () => {
    expect(tenantProgress(document, [cell('staging', 'frankfurt', 'acme', null, false)], null).map(({ done }) => done)).toEqual([0, 0]);
    expect(tenantProgress(shop(), [], '2')).toEqual([]);
  });
});
