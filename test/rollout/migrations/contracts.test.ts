import { describe, expect, it } from 'vitest';
import { dueContracts, nextDueAt, refuseEarlyContract } from '../../../src/rollout/migrations/contracts.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { applyDocument, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { shop } from '../sample-document.js';
import { at, backfill, both, database, fleetLedger, fleetOn, frankfurt, free, free2, old, productionOnly, recordOf, runs, split, sydney } from './sample-fleet.js';

const everywhere = [sydney, frankfurt];
const record = recordOf({}, everywhere);
const proven = fleetOn(record, free);
const walk = { rollout: 'shop-7', number: 7, lane: 'normal' as const, release: '1.2.0', environments: ['production'] };
const busy: [string, Partial<PipelineLedger>][] = [
  ['runs', { running: [{ ...walk, newer: null }] }], ['waits in line', { queue: [{ ...walk, isReady: true, behind: null }] }],
];

function refusal(ledger: PipelineLedger, names?: string[], time = '11:30'): string {
  try {
    return `allowed: ${refuseEarlyContract(ledger, names, at(time)).join(', ')}`;
  } catch (error) {
    if (error instanceof MeridianFailure) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('a contract that starts by itself', () => {
  it('is due when the fleet is proven and its time has come', () => {
    expect([nextDueAt(proven, at('11:30')), nextDueAt(proven, at('13:00'))]).toEqual([at('12:00'), at('13:00')]);
    expect([dueContracts(proven, at('11:59')), dueContracts(proven, at('12:00'))]).toEqual([[], [split]]);
  });

  it.each(busy)('is not while a rollout %s', (_what, changes) => {
    expect([nextDueAt({ ...proven, ...changes }, at('13:00')), dueContracts({ ...proven, ...changes }, at('13:00'))]).toEqual([null, []]);
  });

  it.each([
    ['while a region lags', fleetOn(record, free, both)],
    ['where one environment wants a person to start it', fleetOn(record, free, free, { database: { ...database, contract: 'manual' } })],
    ['where no release has brought it', fleetOn(recordOf({ contract: undefined, backfill }, everywhere), free)],
    ['where it has been done everywhere', fleetOn(recordOf({}, { [sydney]: 'contracted', [frankfurt]: 'contracted' }), free)],
    ['where nothing was expanded', fleetOn(recordOf({}), free)],
  ])('is not %s', (_what, ledger) => {
    expect([nextDueAt(ledger, at('18:00')), dueContracts(ledger, at('18:00'))]).toEqual([null, []]);
  });

  it('is not for tenants that are held back alone: no rollout goes there', () => {
    const globex = `${sydney}/globex`;
    const ledger = fleetLedger([recordOf({}, { [globex]: 'expanded', [frankfurt]: 'contracted' })], { tenants: { globex: { regions: ['sydney'], holdBack: 'audit' } } });
    const settled = runs(runs(ledger, globex, free), frankfurt, free);
    expect(nextDueAt(settled, at('18:00'))).toBeNull();
    expect(refusal(settled, [split], '18:00')).toMatch(/^NothingToDo/);
  });

  it('is not where the document has no database any more: nobody could go there', () => {
    const without = applyDocument(proven, shop(productionOnly), 'ana', at('12:00'));
    expect([nextDueAt(without, at('18:00')), dueContracts(without, at('18:00'))]).toEqual([null, []]);
    expect(refusal(without, undefined, '18:00')).toMatch(/^NothingToDo: No contract is due\. 0042-split: the document gives production\/sydney and 1 more no database/);
    expect(refusal(without, [split], '18:00')).toMatch(/^NothingToDo: 0042-split is contracted wherever a rollout goes now\. 0042-split: the document gives/);
  });

  it('is not tried again before the fleet has changed', () => {
    const tried = { ...proven, contractsTried: { [split]: at('12:00') } };
    expect(nextDueAt(tried, at('18:00'))).toBeNull();
    expect(dueContracts(tried, at('18:00'))).toEqual([]);
    expect(nextDueAt(runs(tried, sydney, free2, '15:00'), at('15:30'))).toBe(at('16:00'));
    expect(refusal(tried, undefined, '18:00')).toBe(`allowed: ${split}`);
  });

  it('is left half-way by nothing but itself: it goes on where it was', () => {
    expect(dueContracts(fleetOn(recordOf({}, { [sydney]: 'contracted', [frankfurt]: 'contracting' }), free), at('12:00'))).toEqual([split]);
  });
});

describe('a contract that somebody asks for', () => {
  it('may be any that is due, last expanded first', () => {
    const second = recordOf({ name: '0043-second' }, everywhere);
    const freeOfBoth = { ...free, freeOf: [split, '0043-second'] };
    const ledger = { ...fleetOn(record, free), migrations: [record, second], releases: [{ ...proven.releases[2]!, release: freeOfBoth }] };
    expect(refusal(ledger, undefined, '12:00')).toBe(`allowed: 0043-second, ${split}`);
    expect(refusal(ledger, [split, '0043-second', split], '12:00')).toBe(`allowed: 0043-second, ${split}`);
    expect(refusal(ledger, [split], '12:00')).toBe(`allowed: ${split}`);
  });

  it('is allowed where a person starts it, also while a rollout runs: it waits in line', () => {
    const manual = fleetOn(record, free, free, { database: { ...database, contract: 'manual' } });
    for (const [, changes] of busy) expect(refusal({ ...manual, ...changes }, [split], '12:00')).toBe(`allowed: ${split}`);
  });

  it('is too early while places lag, and says which, and what they run', () => {
    expect(refusal(fleetOn(record, old, both), [split])).toBe(
      'ContractTooEarly: 0042-split may still be needed: production/sydney runs 1.0.0, which needs the old shape; production/frankfurt runs 1.1.0, which needs the old shape. '
      + 'Ship a release there that says freeOf: [0042-split], and let it soak.');
  });

  it('says how a place is reached that the document has no more', () => {
    const ledger = applyDocument(fleetOn(record, old, free), shop({ database, lifecycle: [{ environment: 'production', waves: [['frankfurt']] }] }), 'ana', at('12:00'));
    expect(refusal(ledger, [split], '18:00')).toBe(
      'ContractTooEarly: 0042-split may still be needed: production/sydney runs 1.0.0, which needs the old shape (the document has it no more). '
      + 'Ship a release there that says freeOf: [0042-split], and let it soak. '
      + 'What the document has no more counts for as long as something may run there: put it back into the document for that time.');
    const back = applyDocument(ledger, shop({ ...productionOnly, database }), 'ana', at('13:00'));
    const again = applyDocument(runs(back, sydney, free, '13:00'), ledger.document!, 'ana', at('14:00'));
    expect(refusal(again, [split], '18:00')).toBe(`allowed: ${split}`);
  });

  it('names twenty places at most', () => {
    const names = Array.from({ length: 25 }, (_, index) => `r${index}`);
    const regions = Object.fromEntries(names.map((name) => [name, { weight: 1 }]));
    const ledger = fleetLedger([recordOf({}, ['production/r0'])], { regions, lifecycle: [{ environment: 'production' }] });
    expect(refusal(ledger, [split])).toMatch(/production\/r19 may run anything: nobody has shipped there yet; 5 more\. Ship/);
  });

  it('is too early before its time, and says how long is left', () => {
    expect(refusal(proven, [split])).toBe(
      `ContractTooEarly: 0042-split is due at ${at('12:00')}, in 30m: the fleet has done without the old shape since ${at('11:00')} only, and until then what runs may have to be undone.`);
  });

  it('is too early where the expand never ran, or no contract is known; with every reason at once', () => {
    const ledger = { ...proven, migrations: [record, recordOf({ name: '0043-new' }), recordOf({ name: '0044-half', contract: undefined, backfill }, everywhere)] };
    expect(refusal(ledger, [split, '0043-new', '0044-half'], '12:00')).toBe([
      'ContractTooEarly: 0043-new was never expanded: ship a release that names it first.',
      '0044-half has no contract: ship a release that brings one, with the same expand.',
    ].join('\n'));
  });

  it('is of a migration that the pipeline knows', () => {
    expect(refusal(proven, ['0042-splti'])).toBe('InvalidRequest: shop has no migration 0042-splti. It has: 0042-split. Did you mean 0042-split?');
  });

  it('is nothing to do where it was done, and where none is due', () => {
    const done = fleetOn(recordOf({}, { [sydney]: 'contracted', [frankfurt]: 'contracted' }), free);
    expect(refusal(done, [split], '12:00')).toBe('NothingToDo: 0042-split is contracted wherever a rollout goes: the old shape is gone.');
    expect(refusal(done, undefined, '12:00')).toBe('NothingToDo: No contract is due.');
    expect(refusal(proven)).toBe('NothingToDo: No contract is due. 0042-split: due at 2026-11-21 12:00 UTC: 1h after the last region, if nothing changes.');
  });
});
