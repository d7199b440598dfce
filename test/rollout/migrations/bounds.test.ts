import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/rollout/limits.js';
import { admit } from '../../../src/rollout/pipeline/admission.js';
import type { PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { schemaOfWalk } from '../../../src/rollout/pipeline/schema-admission.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { at, fleetLedger, frankfurt, free, old, recordOf, split, sydney } from './sample-fleet.js';

const regionsOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, { weight: 1 }]));
const wide = (count: number) => ({ regions: regionsOf(count), lifecycle: [{ environment: 'production' }] });
const namesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`);
const admitted = (ledger: PipelineLedger, release: Release) => admit(ledger, { release, options: { lane: 'normal', rehearse: false }, by: 'ana', roles: [] }, at('13:00')).rollout;

describe('a pipeline remembers how far each migration is in each place', () => {
  const names = namesOf(100);
  const ledgerOf = (regions: number, left: string[] = []): PipelineLedger => fleetLedger(names.map((name) => recordOf({ name }, left)), wide(regions));
  const most = limits.schemaEntries / names.length;

  it('up to a limit, that counts what the document has dropped', () => {
    expect(() => admitted(ledgerOf(most), { version: '2.0.0', migrations: names })).not.toThrow();
    const refusal = expect.objectContaining({ code: 'InvalidRequest', message: expect.stringContaining(`100 migrations in ${most + 1} places are more than this pipeline can keep in mind (12100, at most 12000)`) });
    expect(() => admitted(ledgerOf(most + 1), { version: '2.0.0', migrations: names })).toThrow(refusal);
    expect(() => admitted(ledgerOf(most, [sydney]), { version: '2.0.0', migrations: names })).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });

  it('and ships beyond it what expands nothing', () => {
    expect(() => admitted(ledgerOf(most + 1), old)).not.toThrow();
  });
});

describe('a rollout hands its regions the migrations of its release', () => {
  const large = recordOf({ expand: { up: 'x'.repeat(30_000), down: 'd' }, contract: { up: 'x'.repeat(30_000), down: 'd' }, backfill: { sql: 'x'.repeat(30_000), batch: 1_000, pause: '50ms' } });
  const contractedIn = (count: number) => ({ ...large, places: Object.fromEntries(Object.keys(regionsOf(count)).map((region) => [`production/${region}`, { phase: 'contracted' as const, since: at('10:00') }])) });

  it('up to a limit of all regions together, and says what to do', () => {
    expect(() => admitted(fleetLedger([large], wide(180)), free)).not.toThrow();
    expect(() => admitted(fleetLedger([large], wide(200)), free)).toThrow(expect.objectContaining({
      code: 'InvalidRequest', message: expect.stringMatching(/^The migrations of 1\.2\.0 that are not contracted are 18 MB for 200 places together, at most 16: leave those that are expanded everywhere out/),
    }));
  });

  it('but for those that are contracted there', () => {
    expect(() => admitted(fleetLedger([contractedIn(100)], wide(200)), free)).not.toThrow();
  });
});

describe('a rollout whose turn has come', () => {
  const other = recordOf({ name: '0041-other' }, [sydney, frankfurt]);
  const ledger = fleetLedger([recordOf({}, ['staging/sydney', sydney]), other], { lifecycle: [{ environment: 'staging' }, { environment: 'production' }] });
  const walk = { rollout: 'shop-7', number: 7, lane: 'normal' as const, release: free.version, environments: ['production'] };

  it('is told of its own environments and of what its release names', () => {
    const { migrations, places } = schemaOfWalk(ledger, walk);
    expect(migrations.map(({ name, places: phases }) => [name, phases])).toEqual([[split, { [sydney]: 'expanded' }]]);
    expect(places).toMatchObject({ [sydney]: { [split]: 'expanded' }, [frankfurt]: {} });
    expect(Object.keys(places).some((key) => key.startsWith('staging/'))).toBe(false);
  });

  it('of what it contracts, where it is a contract', () => {
    expect(schemaOfWalk(ledger, { ...walk, contract: ['0041-other'] }).migrations.map(({ name }) => name)).toEqual(['0041-other']);
  });

  it('of everything, where its release is forgotten', () => {
    expect(schemaOfWalk({ ...ledger, releases: [] }, walk).migrations).toHaveLength(2);
  });
});
