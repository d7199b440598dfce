import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/rollout/pipeline/admission.js';
import { nextJoiner, noteTried, type Joiner } from '../../../src/rollout/pipeline/joiners.js';
import { drainRegion, noteChange, noteOwed, revokeRelease } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { applyDocument, type PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { endRollout, grantNext, markReady } from '../../../src/rollout/pipeline/pipeline-line.js';
import { placeKey } from '../../../src/rollout/places.js';
import { shop } from '../sample-document.js';
import { later, ledgerOf, now, request, ship, shipped, start, verified } from './sample-ledger.js';

const onlyProduction = [{ environment: 'production' }];
const twoRegions = { sydney: { weight: 5 }, frankfurt: { weight: 30 } };
const threeRegions = { ...twoRegions, oslo: { weight: 1 } };

const apply = (ledger: PipelineLedger, changes: Record<string, unknown>): PipelineLedger => applyDocument(ledger, shop(changes), 'ana', later);
const say = (joiner: Joiner | null): string | null =>
  joiner && `${joiner.release.version} to ${joiner.places.map(placeKey).join(', ')}`;
const owedBy = (ledger: PipelineLedger): string[] => ledger.owed.map(placeKey);

describe('a region that joins', () => {
  const before = shipped(ledgerOf({ regions: twoRegions, lifecycle: onlyProduction }), '1.1.0');
  const after = apply(before, { regions: threeRegions, lifecycle: onlyProduction });

  it('is owed what all the others run, verified', () => {
    expect(owedBy(after)).toEqual(['production/oslo']);
    expect(say(nextJoiner(after))).toBe('1.1.0 to production/oslo');
    expect(nextJoiner(before)).toBeNull();
  });

  it('gets it alone, by a rollout that touches nothing else and passes over no rule', () => {
    const joiner = nextJoiner(after)!;
    const override = { from: joiner.environment, reason: 'it joins' };
    const { rollout } = admit(after, { ...request('1.1.0', { to: 'production', override }), release: joiner.release, roles: ['*'], isJoiner: true }, now);
    expect(rollout.plan.phases.map(({ environment, waves }) => [environment, waves.flatMap(({ regions }) => regions.map(({ region }) => region))])).toEqual([['production', ['oslo']]]);
    expect(rollout.overrides).toEqual([]);
  });

  it('gets the newest release when that was shipped after it was planned: the plan that ran did not know the region', () => {
    const running = start(before, '1.2.0');
    const joining = apply(running, { regions: threeRegions, lifecycle: onlyProduction });
    expect(nextJoiner(joining)).toBeNull();
    const done = ['sydney', 'frankfurt'].reduce((ledger, region) => noteChange(ledger, verified('production', '1.2.0', region)), joining);
    expect(nextJoiner(done)).toBeNull();
    expect(say(nextJoiner(endRollout(done, 'shop-2')))).toBe('1.2.0 to production/oslo');
  });

  it('is owed nothing any more when a rollout has reached it', () => {
    expect(nextJoiner(shipped(after, '1.2.0'))).toBeNull();
    expect(shipped(after, '1.2.0').owed).toEqual([]);
  });

  it('waits where the policy says so', () => {
    expect(nextJoiner(apply(before, { regions: threeRegions, lifecycle: onlyProduction, policy: { joiners: 'wait' } }))).toBeNull();
  });

  it('waits for no contract: that makes way for it', () => {
    const contract = { rollout: 'shop-7', number: 7, lane: 'normal' as const, release: '1.1.0', environments: ['production'], contract: ['0042-split'], newer: null };
    const running = { ...after, next: 8, running: [contract] };
    const joiner = nextJoiner(running)!;
    expect(say(joiner)).toBe('1.1.0 to production/oslo');
    const override = { from: 'production', reason: 'it joins' };
    const { rollout, ledger } = admit(running, { ...request('1.1.0', { to: 'production', override }), release: joiner.release, roles: ['*'], isJoiner: true }, now);
    expect(grantNext(markReady(ledger, rollout.rollout)).superseded).toEqual([{ rollout: 'shop-7', by: 'shop-8' }]);
  });

  it('waits while somebody wants the environment, and not for somebody whose time has not come', () => {
    expect(nextJoiner(start(after, '1.2.0'))).toBeNull();
    expect(nextJoiner(ship(after, '1.2.0').ledger)).toBeNull();
    expect(say(nextJoiner(ship(after, '1.2.0', { startAt: later }).ledger))).toBe('1.1.0 to production/oslo');
  });

  it('waits while the others do not run the same, verified: what it would get is nobody\'s to guess', () => {
    expect(nextJoiner(noteChange(after, verified('production', '1.2.0')))).toBeNull();
    expect(nextJoiner(revokeRelease(after, { release: '1.1.0', region: 'sydney', by: 'ben', reason: 'it lost orders' }, later).ledger)).toBeNull();
    expect(nextJoiner(noteChange(after, { ...verified('production', '1.1.0'), status: 'stuck' }))).toBeNull();
  });

  it('waits while the release is blocked, or the region drained', () => {
    expect(nextJoiner({ ...after, blocks: [{ name: 'cve-1', version: '1.1.0', reason: 'it leaks', by: 'eve', at: now }] })).toBeNull();
    expect(nextJoiner(drainRegion(after, { region: 'oslo', reason: 'disks' }))).toBeNull();
    expect(say(nextJoiner(drainRegion(after, { region: 'sydney', reason: 'disks' })))).toBe('1.1.0 to production/oslo');
  });

  it('waits for another one that cannot join yet: the rollout of both would wait, and keep everybody from the environment', () => {
    const both = apply(before, { regions: { ...threeRegions, bergen: { weight: 1 } }, lifecycle: onlyProduction });
    expect(say(nextJoiner(both))).toBe('1.1.0 to production/oslo, production/bergen');
    expect(nextJoiner(drainRegion(both, { region: 'oslo', reason: 'disks' }))).toBeNull();
  });

  it('is never shipped the same twice, whatever came of it; a newer release is tried', () => {
    const tried = noteTried(after, nextJoiner(after)!.places, '1.1.0');
    expect(nextJoiner(tried)).toBeNull();
    const newer = ['sydney', 'frankfurt'].reduce((ledger, region) => noteChange(ledger, verified('production', '1.2.0', region)), tried);
    expect(say(nextJoiner(newer))).toBe('1.2.0 to production/oslo');
  });

  it('waits for a new document when it was refused', () => {
    const refused = noteTried(after, nextJoiner(after)!.places, null);
    const newer = ['sydney', 'frankfurt'].reduce((ledger, region) => noteChange(ledger, verified('production', '1.2.0', region)), refused);
    expect(nextJoiner(newer)).toBeNull();
    expect(say(nextJoiner(apply(newer, { regions: { ...threeRegions, oslo: { weight: 2 } }, lifecycle: onlyProduction })))).toBe('1.2.0 to production/oslo');
  });
});

describe('what is no joiner', () => {
  it('is a region of the first document, where nothing has been shipped', () => {
    expect(ledgerOf().owed).toEqual([]);
  });

  it('is a new environment: the next rollout walks through it', () => {
    const before = shipped(ledgerOf({ lifecycle: onlyProduction }), '1.1.0');
    expect(owedBy(apply(before, { lifecycle: [{ environment: 'staging' }, ...onlyProduction] }))).toEqual([]);
  });

  it('is the only place of an environment: there is nothing that others run', () => {
    const before = shipped(ledgerOf({ regions: { sydney: { weight: 5 } }, lifecycle: onlyProduction }), '1.1.0');
    const after = apply(before, { regions: { oslo: { weight: 1 } }, lifecycle: onlyProduction });
    expect(owedBy(after)).toEqual(['production/oslo']);
    expect(nextJoiner(after)).toBeNull();
  });
});

describe('a region that joins several environments', () => {
  const before = shipped(ledgerOf({ regions: twoRegions }), '1.1.0');
  const after = apply(before, { regions: threeRegions });

  it('gets the release in each in the order of the lifecycle', () => {
    expect(say(nextJoiner(after))).toBe('1.1.0 to staging/oslo');
    expect(nextJoiner(noteTried(after, nextJoiner(after)!.places, '1.1.0'))).toBeNull();
    expect(say(nextJoiner(noteChange(after, verified('staging', '1.1.0', 'oslo'))))).toBe('1.1.0 to production/oslo');
  });

  it('gets in each what runs there, though another release has come to the environment before', () => {
    const staged = apply(shipped(before, '1.2.0', { to: 'staging' }), { regions: threeRegions });
    expect(say(nextJoiner(staged))).toBe('1.2.0 to staging/oslo');
    const paid = noteChange(staged, verified('staging', '1.2.0', 'oslo'));
    expect(say(nextJoiner(paid))).toBe('1.1.0 to production/oslo');
    const override = { from: 'production', reason: 'it joins' };
    const { rollout, ledger } = admit(paid, { ...request('1.1.0', { to: 'production', override }, { roles: ['*'] }), isJoiner: true }, now);
    expect(rollout.plan.phases.map(({ environment }) => environment)).toEqual(['production']);
    expect(ledger.releases[0]!.overrides).toEqual([]);
  });
});

describe('tenants that join', () => {
  const tenants = (changes: Record<string, unknown> = {}) => ({
    regions: twoRegions, lifecycle: onlyProduction, tenants: { acme: { regions: ['sydney'] }, globex: { regions: ['sydney'], holdBack: 'audit' }, ...changes },
  });
  const before = shipped(ledgerOf(tenants()), '1.1.0');

  it('are owed what the others run: a new one, and one that is held back no longer', () => {
    expect(owedBy(before)).toEqual([]);
    expect(say(nextJoiner(apply(before, tenants({ initech: { regions: ['sydney'] } }))))).toBe('1.1.0 to production/sydney/initech');
    expect(say(nextJoiner(apply(before, tenants({ globex: { regions: ['sydney'] } }))))).toBe('1.1.0 to production/sydney/globex');
  });

  it('are owed nothing while they are held back again', () => {
    expect(owedBy(apply(apply(before, tenants({ globex: { regions: ['sydney'] } })), tenants()))).toEqual([]);
  });
});

describe('a region where a release was taken back', () => {
  const before = shipped(ledgerOf({ regions: twoRegions, lifecycle: onlyProduction }), '1.1.0');
  const joined = apply(before, { regions: threeRegions, lifecycle: onlyProduction });
  const oslo = { environment: 'production', region: 'oslo' };
  const emptied = (version: string) => ({ ...verified('production', version, 'oslo'), verified: false, release: null, status: 'empty' as const, revoked: version });

  it('and nothing ran before, is owed what the others run', () => {
    const ledger = noteChange(noteChange(start(joined, '1.2.0'), verified('production', '1.2.0', 'oslo')), emptied('1.2.0'));
    expect(ledger.owed).toEqual([oslo]);
    expect(say(nextJoiner(endRollout(ledger, 'shop-2')))).toBe('1.1.0 to production/oslo');
  });

  it('is not shipped the same again by itself, under a new document neither; a person may', () => {
    const ledger = noteChange(joined, emptied('1.1.0'));
    expect(nextJoiner(ledger)).toBeNull();
    expect(nextJoiner(apply(ledger, { regions: { ...threeRegions, bergen: { weight: 1 } }, lifecycle: onlyProduction }))).toBeNull();
    expect(shipped(ledger, '1.1.0').owed).toEqual([]);
  });

  it('and something ran before, is owed nothing', () => {
    const back = { ...verified('production', '1.1.0'), verified: false, revoked: '1.2.0' };
    expect(noteChange(before, back).owed).toEqual([]);
  });
});

describe('a region that was drained when the others changed', () => {
  const place = { environment: 'production', region: 'sydney' };
  const before = shipped(ledgerOf({ regions: twoRegions, lifecycle: onlyProduction }), '1.1.0');
  const left = noteChange(drainRegion(noteOwed(before, [place]), { region: 'sydney', reason: 'disks' }), verified('production', '1.2.0', 'frankfurt'));

  it('gets what they run as soon as it takes part again', () => {
    expect(nextJoiner(left)).toBeNull();
    expect(say(nextJoiner(drainRegion(left, { region: 'sydney', reason: null })))).toBe('1.2.0 to production/sydney');
  });

  it('gets nothing when the others have gone back to what it runs', () => {
    const back = noteChange(left, verified('production', '1.1.0', 'frankfurt'));
    expect(nextJoiner(drainRegion(back, { region: 'sydney', reason: null }))).toBeNull();
  });
});
