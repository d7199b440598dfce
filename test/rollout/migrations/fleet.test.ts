import { describe, expect, it } from 'vitest';
import { fleetOf } from '../../../src/rollout/migrations/fleet.js';
import { noteChange, noteFound } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { applyDocument, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { noteWatched } from '../../../src/rollout/pipeline/provisional.js';
import { shop } from '../sample-document.js';
import { at, both, database, fleetLedger, fleetOn, frankfurt, free, free2, old, productionOnly, recordOf, runs, split, sydney } from './sample-fleet.js';

const record = recordOf({}, [sydney, frankfurt]);
const laggingIn = (ledger: PipelineLedger, asked = record): string[] => fleetOf(ledger, asked).lagging.map(({ place, why }) => `${place} ${why}`);
const inSydney = { environment: 'production', region: 'sydney', rollout: 'shop-2', verified: false, at: at('12:00') };

describe('the fleet of a migration', () => {
  it('does without the old shape when every release says so and has passed its soak', () => {
    expect(fleetOf(fleetOn(record, free), record)).toEqual({ lagging: [], provenSince: at('11:00'), readyAt: at('12:00') });
  });

  it('lags where a release does not say so: older, or newer and still in need of it', () => {
    expect(fleetOf(fleetOn(record, old, both), record)).toEqual({
      lagging: [
        { place: sydney, release: '1.0.0', why: 'runs 1.0.0, which needs the old shape', isDropped: false },
        { place: frankfurt, release: '1.1.0', why: 'runs 1.1.0, which needs the old shape', isDropped: false },
      ],
      provenSince: null, readyAt: null,
    });
  });

  it('lags where a release runs whose bundle is forgotten', () => {
    expect(laggingIn({ ...fleetOn(record, free), releases: [], bundles: {} })).toHaveLength(2);
    expect(laggingIn({ ...fleetOn(record, free), releases: [] })).toEqual([]);
  });

  it.each([
    ['is being changed', { status: 'changing', release: free }, 'is being changed just now'],
    ['soaks', { status: 'soaking', release: free2 }, 'runs 1.3.0, which still soaks there'],
    ['is stuck', { status: 'stuck', release: free }, 'is stuck: somebody must mend what runs there'],
    ['was put back and never soaked', { status: 'live', release: free2 }, 'runs 1.3.0, which has not passed its soak there'],
    ['was emptied and has the new shape', { status: 'empty', release: null }, 'runs nothing and has the new shape: ship a release there'],
  ] as const)('lags where a place %s', (_what, change, why) => {
    expect(laggingIn(noteChange(fleetOn(record, free), { ...inSydney, ...change }))).toEqual([`${sydney} ${why}`]);
  });

  it('lags where nobody has looked yet, and where a release was only found', () => {
    const half = runs(fleetLedger([record]), frankfurt, free);
    expect(laggingIn(half)).toEqual([`${sydney} may run anything: nobody has shipped there yet`]);
    expect(laggingIn(noteFound(half, inSydney, free, at('11:00')))).toEqual([`${sydney} runs 1.2.0, which has not passed its soak there`]);
  });

  it('lags where an expand was not finished', () => {
    const halfway = recordOf({}, { [sydney]: 'expanding', [frankfurt]: 'expanded' });
    expect(laggingIn(fleetOn(halfway, free), halfway)).toEqual([`${sydney} has only a part of the new shape: its expand was not finished`]);
  });

  it('has a place that runs nothing, and has nothing of it, no part in that', () => {
    const elsewhere = recordOf({}, [frankfurt]);
    expect(laggingIn(noteFound(runs(fleetLedger([elsewhere]), frankfurt, free), inSydney, null, at('11:00')), elsewhere)).toEqual([]);
  });

  it('has drained and standby regions', () => {
    const ledger = { ...fleetOn(record, old, free), drained: { sydney: 'in repair' } };
    expect(laggingIn(ledger)).toEqual([`${sydney} runs 1.0.0, which needs the old shape (drained: in repair)`]);
    const standby = shop().regions;
    expect(laggingIn(fleetOn(record, old, free, { regions: { ...standby, sydney: { ...standby.sydney, role: 'secondary' } } }))).toHaveLength(1);
  });

  it('has tenants that are held back', () => {
    const tenants = { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'], holdBack: 'audit' } };
    const all = recordOf({}, [frankfurt, `${sydney}/acme`, `${sydney}/globex`]);
    const ledger = runs(runs(fleetLedger([all], { tenants }), frankfurt, free), `${sydney}/acme`, free);
    expect(laggingIn(ledger, all)).toEqual([`${sydney}/globex may run anything: nobody has shipped there yet (held back: audit)`]);
    expect(laggingIn(runs(ledger, `${sydney}/globex`, both), all)).toEqual([`${sydney}/globex runs 1.1.0, which needs the old shape (held back: audit)`]);
  });

  it('has optional environments where something runs', () => {
    const optional = { lifecycle: [{ environment: 'load', optional: true, waves: [['sydney']] }, ...productionOnly.lifecycle] };
    const ledger = fleetOn(record, free, free, optional);
    expect(laggingIn(ledger)).toEqual([]);
    expect(laggingIn(runs(ledger, 'load/sydney', both))).toEqual(['load/sydney runs 1.1.0, which needs the old shape']);
  });

  it('has places that the document has dropped, as long as something runs there', () => {
    const dropped = (release: typeof old) => applyDocument(fleetOn(record, release, free), shop({ database, lifecycle: [{ environment: 'production', waves: [['frankfurt']] }] }), 'ana', at('12:00'));
    expect(laggingIn(dropped(old))).toEqual([`${sydney} runs 1.0.0, which needs the old shape (the document has it no more)`]);
    expect(laggingIn(dropped(free))).toEqual([]);
    expect(laggingIn(noteChange(dropped(old), { ...inSydney, status: 'empty', release: null }))).toEqual([]);
  });

  it('has no environment without a database', () => {
    const { lifecycle: [production] } = productionOnly;
    const changes = { database: undefined, lifecycle: [{ environment: 'staging' }, { ...production, database }] };
    expect(laggingIn(fleetOn(record, free, free, changes))).toEqual([]);
  });
});

describe('the old shape may go', () => {
  const readyAt = (ledger: PipelineLedger) => fleetOf(ledger, record).readyAt;

  it('some time after the last region has changed, however long it soaked', () => {
    expect(readyAt(runs(fleetOn(record, free), frankfurt, free2, '13:30'))).toBe(at('14:30'));
  });

  it('after the longest time that an environment asks for', () => {
    const { lifecycle: [production] } = productionOnly;
    expect(readyAt(fleetOn(record, free, free, { database: { ...database, contractAfter: '3h' } }))).toBe(at('14:00'));
    expect(readyAt(fleetOn(record, free, free, { lifecycle: [{ ...production, database: { ...database, contractAfter: '2h' } }] }))).toBe(at('13:00'));
  });

  it('not while a region is watched on: its release may still be taken back', () => {
    const place = { environment: 'production', region: 'sydney' };
    const watched = (until: string) => noteWatched(fleetOn(record, free), 'shop-1', [{ ...place, until }]);
    expect([readyAt(watched(at('11:30'))), readyAt(watched(at('18:00')))]).toEqual([at('12:00'), at('18:00')]);
  });

  it('never while a place lags', () => {
    expect(readyAt(fleetOn(recordOf({}, [split]), free, old))).toBeNull();
  });
});
