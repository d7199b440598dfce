import { describe, expect, it } from 'vitest';
import { migrationWarnings } from '../../../src/rollout/migrations/migration-warnings.js';
import { plannedContracts, plannedMigrations, pointOfNoReturn } from '../../../src/rollout/migrations/planned.js';
import { migrationState } from '../../../src/rollout/migrations/records.js';
import type { PlannedMigration } from '../../../src/rollout/schema/plan.js';
import { shop } from '../sample-document.js';
import { backfill, both, database, free, frankfurt, oneWay, recordOf, split, sydney } from './sample-fleet.js';

const places = ['sydney', 'frankfurt'].map((region) => ({ environment: 'production', region }));
const known = (...records: ReturnType<typeof recordOf>[]) => records.map(migrationState);
const expands = (release: object, ...records: ReturnType<typeof recordOf>[]) => plannedMigrations({ release, migrations: known(...records), places });
const planned = (changes: Partial<PlannedMigration>): PlannedMigration => ({
  name: split, work: 'contract', places: [sydney], backfills: false, syncs: false, oneWay: true, contract: 'one-way', effects: [], ...changes,
});

describe('what a rollout expands', () => {
  it('is what each place lacks, in the order of the walk and of the release', () => {
    const first = recordOf({ name: '0041-first' }, { [sydney]: 'expanded', [frankfurt]: 'contracted' });
    const second = recordOf({ backfill }, { [sydney]: 'expanding' });
    const third = recordOf({ name: '0043-third' }, [sydney]);
    const release = { migrations: ['0043-third', split, '0041-first'] };
    expect(expands(release, first, second, third).map(({ name, work, places: lacking, backfills }) => ({ name, work, lacking, backfills }))).toEqual([
      { name: '0043-third', work: 'expand', lacking: [frankfurt], backfills: false },
      { name: split, work: 'expand', lacking: [sydney, frankfurt], backfills: true },
    ]);
  });

  it('says what may follow: nothing that is known, nothing yet, a contract with a way back or without', () => {
    const followedBy = (release: object, changes: object) => expands(release, recordOf(changes))[0]?.contract;
    expect([
      followedBy(both, { contract: undefined }), followedBy(both, {}), followedBy(free, {}), followedBy(free, { contract: oneWay }),
    ]).toEqual(['none', 'later', 'reversible', 'one-way']);
  });

  it('is nothing for a release without migrations', () => {
    expect(expands({}, recordOf({}))).toEqual([]);
  });
});

describe('what a rollout contracts', () => {
  it('is wherever the old shape is left, in the order of the names', () => {
    const first = recordOf({ name: '0041-first', contract: oneWay }, { [sydney]: 'contracting', [frankfurt]: 'contracted' });
    const migrations = known(first, recordOf({}, [sydney, frankfurt]), recordOf({ name: '0043-third' }, { [sydney]: 'expanding' }));
    expect(plannedContracts({ names: [split, '0041-first', '0043-third'], migrations, places })).toMatchObject([
      { name: split, work: 'contract', places: [sydney, frankfurt], oneWay: false, contract: 'reversible' },
      { name: '0041-first', work: 'contract', places: [sydney], oneWay: true, contract: 'one-way' },
    ]);
  });
});

describe('the point of no return', () => {
  const walk = ['staging', 'production'];

  it('is in the order of the walk, where two contracts have no environment in common', () => {
    const staging = planned({ name: '0043-third', places: ['staging/sydney'] });
    expect(pointOfNoReturn([planned({}), staging], walk)).toMatchObject({ environment: 'staging' });
  });

  it('is where the first one-way contract runs', () => {
    const staging = planned({ name: '0043-third', places: ['staging/sydney', sydney] });
    expect(pointOfNoReturn([planned({ name: '0041-first', oneWay: false }), planned({}), staging], walk)).toEqual({
      environment: 'staging', migrations: [split, '0043-third'],
      why: '0042-split and 0043-third have no contract.down: once the old shape is gone there, neither it nor a release that needs it can come back.',
    });
  });

  it('is none while every step has an undo', () => {
    expect(pointOfNoReturn([planned({ oneWay: false }), planned({ work: 'expand', oneWay: false })], walk)).toBeNull();
    expect(pointOfNoReturn([], walk)).toBeNull();
  });
});

describe('a plan warns', () => {
  const document = shop({ database });
  const effect = { what: 'adds a check to customers', lock: 'ACCESS EXCLUSIVE' as const, isLong: true, rewrites: false, reversible: true };

  it('of a contract that has no way back', () => {
    expect(migrationWarnings([planned({})], document)).toEqual(['0042-split: its contract has no way back. Once it has run, only a newer release can mend what is wrong with it.']);
  });

  it('of one that follows what it ships, though nothing is left to expand, and says who approves it', () => {
    const follows = '0042-split: the contract that follows, when every region has run this release for long enough, has no way back. It waits for an approval by admin.';
    const expand = planned({ work: 'expand', oneWay: false });
    expect(migrationWarnings([expand], document)).toEqual([follows]);
    const migrations = known(recordOf({ contract: oneWay }, [sydney]));
    expect(migrationWarnings([], document, { release: free, migrations })).toEqual([follows]);
    expect(migrationWarnings([expand], document, { release: free, migrations })).toEqual([follows]);
    expect(migrationWarnings([], document, { release: both, migrations })).toEqual([]);
    expect(migrationWarnings([], document, { release: free, migrations: known(recordOf({ contract: oneWay }, { [sydney]: 'contracted' })) })).toEqual([]);
  });

  it('names everybody who may approve', () => {
    const roles = ['admin', 'dba', 'sre'];
    expect(migrationWarnings([planned({ work: 'expand', oneWay: false })], shop({ database: { ...database, pointOfNoReturn: { roles } } }))[0]).toMatch(/by admin, dba or sre\.$/);
  });

  it('of locks that last as long as a table is large', () => {
    const contract = planned({ oneWay: false, contract: 'reversible' });
    expect(migrationWarnings([{ ...contract, effects: [effect, { ...effect, isLong: false }, { ...effect, rewrites: true }] }], document)).toEqual([
      '0042-split: its contract adds a check to customers, and holds ACCESS EXCLUSIVE for as long as the table is large.',
      '0042-split: its contract adds a check to customers, writes the whole table anew, and holds ACCESS EXCLUSIVE for as long as the table is large.',
    ]);
  });

  it('of shapes that stay because no contract is known', () => {
    const expand = planned({ work: 'expand', oneWay: false, contract: 'none' });
    expect(migrationWarnings([expand], document)).toEqual([]);
    expect(migrationWarnings([{ ...expand, backfills: true }], document)).toEqual(['0042-split has no contract yet: both shapes stay until a release brings one.']);
  });
});
