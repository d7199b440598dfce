import { describe, expect, it } from 'vitest';
import { whatIsVerified } from '../../../activities/gates/dependency.js';
import { placeKey, type Place } from '../../../src/rollout/places.js';
import type { PipelineState } from '../../../workflows/messages/pipeline.js';
import { documentFor } from '../../support/stage.js';

const at = (region: string, tenant?: string): Place => ({ environment: 'production', region, ...(tenant !== undefined && { tenant }) });

/** The board of another pipeline: what runs in each place, and whether it is verified there. */
function ledger(cells: [Place, release: string | null, verified: boolean][], changes: Record<string, unknown> = {}): Pick<PipelineState, 'board' | 'releases' | 'document'> {
  const versions = [...new Set(cells.flatMap(([, release]) => release ?? []))];
  return {
    document: documentFor('ledger', { ...documentOf(cells.map(([place]) => place)), ...changes }),
    board: cells.map(([place, release, verified]) => ({
      ...place, release, verified, lastKnownGood: null, status: 'live', since: '2026-11-21T00:00:00Z', drained: null, override: null, rollout: null,
    })),
    releases: versions.map((version) => ({
      release: { version }, firstSeenAt: '2026-11-21T00:00:00Z', overrides: [], revocations: [],
      verified: Object.fromEntries(cells.flatMap(([place, release, verified]) => (release === version && verified ? [[placeKey(place), '2026-11-21T00:00:00Z']] : []))),
    })),
  };
}

/** As the other pipeline's document has these places. */
function documentOf(places: Place[]): Record<string, unknown> {
  const regions = Object.fromEntries([...places.map(({ region }) => region), 'elsewhere'].map((region) => [region, { weight: 1 }]));
  const names = [...new Set(places.flatMap(({ tenant }) => tenant ?? []))];
  const tenants = Object.fromEntries(names.map((name) => [name, { regions: places.filter(({ tenant }) => tenant === name).map(({ region }) => region) }]));
  return { regions, lifecycle: [{ environment: 'production' }], ...(names.length > 0 && { tenants }) };
}

const isOpen = (cells: Parameters<typeof ledger>[0], places: Place[], version?: string): boolean =>
  whatIsVerified('ledger', ledger(cells), places, version).isOpen;

describe('what another pipeline has verified', () => {
  it.each([
    ['runs there, verified', [[at('sydney'), '2.0.0', true]], undefined, true],
    ['runs there, unverified', [[at('sydney'), '2.0.0', false]], undefined, false],
    ['is not there yet', [[at('sydney'), null, false]], undefined, false],
    ['has another region', [[at('dublin'), '2.0.0', true]], undefined, false],
    ['is verified in the version that is asked for', [[at('sydney'), '2.0.0', true]], '2.0.0', true],
    ['is verified in another version', [[at('sydney'), '2.1.0', true]], '2.0.0', false],
    ['runs the version, unverified', [[at('sydney'), '2.0.0', false]], '2.0.0', false],
  ] satisfies [string, Parameters<typeof ledger>[0], string | undefined, boolean][])('%s', (_title, cells, version, open) => {
    expect(isOpen(cells, [at('sydney')], version)).toBe(open);
  });

  it('must be so in every place that is asked about, and the others are named', () => {
    const half = ledger([[at('sydney'), '2.0.0', true], [at('dublin'), '2.0.0', false], [at('virginia'), '2.0.0', true]]);
    expect(whatIsVerified('ledger', half, [at('sydney'), at('dublin'), at('tokyo')], undefined))
      .toEqual({ isOpen: false, saw: 'what ledger runs is not verified in production/dublin, production/tokyo' });
    expect(whatIsVerified('ledger', half, [at('sydney'), at('virginia')], '2.0.0'))
      .toEqual({ isOpen: true, saw: 'ledger 2.0.0 is verified in production/sydney, production/virginia' });
    expect(whatIsVerified('ledger', half, [], undefined).isOpen, 'nobody is asked about').toBe(false);
  });

  it('is that of our tenant where they know it, of the region where they do not, and of all their tenants where we know none', () => {
    const tenants: Parameters<typeof ledger>[0] = [[at('sydney', 'acme'), '2.0.0', true], [at('sydney', 'globex'), '2.0.0', false]];
    expect(isOpen(tenants, [at('sydney', 'acme')])).toBe(true);
    expect(isOpen(tenants, [at('sydney', 'globex')])).toBe(false);
    expect(isOpen(tenants, [at('sydney', 'initech')])).toBe(false);
    expect(isOpen(tenants, [at('sydney')])).toBe(false);
    expect(isOpen([[at('sydney'), '2.0.0', true]], [at('sydney', 'acme')])).toBe(true);
  });

  it('is not asked of places that its document has dropped, nor of tenants that it holds back', () => {
    const acme = { regions: ['sydney'] };
    const cells: Parameters<typeof ledger>[0] = [[at('sydney'), '1.0.0', false], [at('sydney', 'acme'), '2.0.0', true], [at('sydney', 'zeta'), '1.0.0', false]];
    const other = ledger(cells, { tenants: { acme, zeta: { ...acme, holdBack: 'contract talks' } } });
    expect(whatIsVerified('ledger', other, [at('sydney')], '2.0.0')).toMatchObject({ isOpen: true });
    expect(whatIsVerified('ledger', other, [at('sydney', 'zeta')], '2.0.0'), 'but of the tenant itself').toMatchObject({ isOpen: false });
  });

  it('names no more places than a person reads', () => {
    const places = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((region) => at(region));
    expect(whatIsVerified('ledger', ledger([]), places, undefined).saw).toMatch(/production\/e and 2 more$/);
  });
});
