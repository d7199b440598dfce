import { describe, expect, it } from 'vitest';
import { schemaDebt } from '../../../src/rollout/migrations/debt.js';
import { applyDocument, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { shop } from '../sample-document.js';
import { at, backfill, begin, both, database, fleetLedger, fleetOn, frankfurt, free, old, oneWay, productionOnly, recordOf, runs, split, sydney } from './sample-fleet.js';

const everywhere = [sydney, frankfurt];
const record = recordOf({}, everywhere);
const debtOf = (ledger: PipelineLedger, time = '11:30') => schemaDebt(ledger, at(time));
const toldBy = (ledger: PipelineLedger, time?: string): string[] => debtOf(ledger, time).map(({ state, needs }) => `${state}: ${needs}`);
const walk = { rollout: 'shop-7', number: 7, lane: 'normal' as const, release: '1.2.0', environments: ['production'], contract: [split] };

describe('the debt of a schema', () => {
  it('names the first place that lags, what it runs, and how many more do', () => {
    expect(debtOf(fleetOn(record, old, both))).toEqual([{
      migration: split, since: begin, oneWay: false, expanded: everywhere, contracted: [], state: 'lagging',
      needs: 'production/sydney runs 1.0.0, which needs the old shape; 1 more',
    }]);
  });

  it('ripens when the whole fleet does without the old shape, and says until when', () => {
    expect(debtOf(fleetOn(record, free))).toMatchObject([{ state: 'ripening', due: at('12:00'), needs: 'due at 2026-11-21 12:00 UTC: 1h after the last region, if nothing changes' }]);
  });

  it('says so when it waits for the end of a watch', () => {
    const ledger = fleetOn(record, free);
    const watched = { ...ledger, cells: ledger.cells.map((cell) => ({ ...cell, provisional: at('18:00') })) };
    expect(toldBy(watched)).toEqual(['ripening: due at 2026-11-21 18:00 UTC: when no region is watched on any more, if nothing changes']);
  });

  it('is due then, by itself, by a person, or behind an approval', () => {
    const due = (ledger: PipelineLedger) => toldBy(ledger, '12:00')[0];
    expect(due(fleetOn(record, free))).toBe('due: the contract starts by itself as soon as no rollout runs or waits in line');
    expect(due(fleetOn(record, free, free, { database: { ...database, contract: 'manual' } }))).toBe('due: a person starts the contract (database.contract is manual)');
    expect(due(fleetOn(recordOf({ contract: oneWay }, everywhere), free))).toMatch(/; it has no way back, and waits for an approval$/);
    expect(due({ ...fleetOn(record, free), contractsTried: { [split]: at('11:55') } })).toBe(
      'due: its contract was started at 2026-11-21 11:55 UTC and did not come to its end; a person starts it again');
  });

  it('is being contracted while a rollout is at it, or waits in line', () => {
    expect(toldBy({ ...fleetOn(record, free), running: [{ ...walk, newer: null }] })).toEqual(['contracting: shop-7 takes the old shape away']);
    expect(toldBy({ ...fleetOn(record, free), queue: [{ ...walk, isReady: true, behind: null }] })).toEqual(['contracting: shop-7 waits in line to take the old shape away']);
  });

  it('is left where a contract has not gone everywhere', () => {
    const half = recordOf({}, { [sydney]: 'contracted', [frankfurt]: 'contracting' });
    expect(debtOf(fleetOn(half, free))).toMatchObject([{ expanded: [frankfurt], contracted: [sydney], state: 'ripening' }]);
  });

  it('is owed for a contract that no release has brought: where rows were filled back, or some release does without the old shape', () => {
    const without = (changes: object) => recordOf({ contract: undefined, ...changes }, everywhere);
    const noReleases = (ledger: PipelineLedger): PipelineLedger => ({ ...ledger, releases: [] });
    expect(toldBy(noReleases(fleetOn(without({}), both)))).toEqual([]);
    expect(toldBy(noReleases(fleetOn(without({ backfill }), both)))).toEqual(['no-contract: a release that brings the contract of 0042-split: both shapes stay until then']);
    expect(toldBy(noReleases(fleetOn(without({ sync: [{ table: 'c', from: ['a'], to: ['b'], using: { a: 'b', b: 'a' } }] }), both)))).toHaveLength(1);
    expect(toldBy(fleetOn(without({}), both))).toHaveLength(1);
  });

  it('is none before the expand, after the contract, and where only a dropped place is left', () => {
    expect(toldBy(fleetOn(recordOf({}, []), old))).toEqual([]);
    expect(toldBy(fleetOn(recordOf({}, { [sydney]: 'expanding' }), old))).toEqual([]);
    expect(toldBy(fleetOn(recordOf({}, { [sydney]: 'contracted', [frankfurt]: 'contracted', 'load/tokyo': 'expanded' }), free))).toEqual([]);
  });

  it('says where only a tenant is left that is held back', () => {
    const globex = `${sydney}/globex`;
    const ledger = runs(runs(fleetLedger([recordOf({}, { [globex]: 'expanded', [frankfurt]: 'contracted' })], { tenants: { globex: { regions: ['sydney'], holdBack: 'audit' } } }), globex, free), frankfurt, free);
    expect(toldBy(ledger, '13:00')).toEqual(['due: only tenants that are held back have the old shape still: it goes when they are let go']);
  });

  it('lags where the document has taken the database away, and says that the old shape stays', () => {
    const without = (ledger: PipelineLedger) => applyDocument(ledger, shop(productionOnly), 'ana', at('12:00'));
    const stays = 'production/sydney and 1 more no database any more: the old shape stays in the one that was there, until `database` is back';
    expect(toldBy(without(fleetOn(record, free)), '18:00')).toEqual([`lagging: the document gives ${stays}`]);
    expect(toldBy(without(fleetOn(record, old)), '18:00')).toEqual([`lagging: the document gives ${stays}`]);
  });

  it('is listed oldest first', () => {
    const later = recordOf({ name: '0041-first' }, { [sydney]: 'expanded' });
    const ledger = { ...fleetOn(record, old), migrations: [{ ...later, places: { [sydney]: { phase: 'expanded' as const, since: at('11:00') } } }, record] };
    expect(debtOf(ledger).map(({ migration }) => migration)).toEqual([split, '0041-first']);
  });
});
