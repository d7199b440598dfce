import { describe, expect, it } from 'vitest';
import { newerAhead, releaseFor } from '../../activities/start-scheduled.js';
import type { PipelineState } from '../../workflows/messages/pipeline.js';
import { documentFor } from '../support/stage.js';

const known = (version: string, ...places: string[]): PipelineState['releases'][number] => ({
  release: { version }, firstSeenAt: '2026-11-21T00:00:00Z', overrides: [], revocations: [], verified: Object.fromEntries(places.map((place) => [place, '2026-11-21T00:00:00Z'])),
});

const production = ['production/sydney', 'production/frankfurt', 'production/virginia'];
const document = documentFor('shop');

const newest = (releases: PipelineState['releases'], verifiedIn = 'production', changed = document): string | undefined =>
  releaseFor({ verifiedIn }, { releases, document: changed })?.version;

describe('the release that a schedule ships', () => {
  it('is the newest that is verified in every region of the environment', () => {
    expect(newest([known('1.0.0', ...production), known('1.1.0', ...production), known('1.2.0', 'production/sydney')])).toBe('1.1.0');
    expect(newest([known('1.0.0', 'production/sydney'), known('1.1.0')])).toBeUndefined();
    expect(newest([known('1.0.0', 'staging/frankfurt'), known('1.1.0', ...production)], 'staging'), 'other environments do not count').toBe('1.0.0');
    expect(newest([known('1.0.0', ...production)], 'moon'), 'there is no such environment').toBeUndefined();
  });

  it('needs each tenant that lives there, but none that is held back', () => {
    const tenants = { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'], holdBack: 'moves house' } };
    const withTenants = documentFor('shop', { tenants });
    const elsewhere = production.slice(1);
    expect(newest([known('1.0.0', ...elsewhere, 'production/sydney/acme'), known('1.1.0', ...production)], 'production', withTenants)).toBe('1.0.0');
  });

  it('is the one that is named', () => {
    const releases = [known('1.0.0', ...production), known('1.1.0')];
    expect(releaseFor({ version: '1.1.0' }, { releases, document })).toEqual({ version: '1.1.0' });
    expect(releaseFor({ version: '2.0.0' }, { releases, document })).toBeNull();
  });
});

describe('a release that a schedule would ship', () => {
  const releases = [known('1.0.0'), known('1.1.0')];
  const cell = (environment: string, release: string): PipelineState['board'][number] => ({
    environment, region: 'frankfurt', release, verified: true, lastKnownGood: release, status: 'live', since: '2026-11-21T00:00:00Z', drained: null,
    override: null, rollout: null,
  });
  const ahead = (wanted: Parameters<typeof newerAhead>[0], ...board: PipelineState['board']) => newerAhead(wanted, { version: '1.0.0' }, { releases, board, document });

  it('never takes a newer one back that runs further on; what is tried out in its own environment does not count', () => {
    const nightly = { release: { verifiedIn: 'staging' } };
    expect(ahead(nightly, cell('production', '1.1.0'))).toBe('1.1.0');
    expect(ahead(nightly, cell('staging', '1.1.0'), cell('production', '1.0.0'))).toBeUndefined();
    expect(ahead({ ...nightly, to: 'staging' }, cell('production', '1.1.0'))).toBeUndefined();
  });

  it('is shipped all the same when it is named', () => {
    expect(ahead({ release: { version: '1.0.0' } }, cell('production', '1.1.0'))).toBeUndefined();
  });
});
