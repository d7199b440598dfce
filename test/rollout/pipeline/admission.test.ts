import { describe, expect, it } from 'vitest';
import { admit, type AdmissionRequest } from '../../../src/rollout/pipeline/admission.js';
import { boardOf } from '../../../src/rollout/pipeline/pipeline-answers.js';
import { noteChange, revokeRelease } from '../../../src/rollout/pipeline/pipeline-changes.js';
import type { PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { endRollout, queueDue } from '../../../src/rollout/pipeline/pipeline-line.js';
import type { Block } from '../../../src/rollout/schema/block.js';
import type { ShipOptions } from '../../../src/rollout/schema/ship.js';
import { shop } from '../sample-document.js';
import { later, ledgerOf, now, request, ship, shipped, start, sydneyOnly, verified } from './sample-ledger.js';

describe('the admission of a rollout', () => {
  it('numbers it, freezes document, plan and release, and gives it its place in line', () => {
    const before = ledgerOf(sydneyOnly);
    const { ledger, rollout } = ship(before, '1.1.0');
    expect(rollout).toMatchObject({
      rollout: 'shop-1', number: 1, document: before.document, revision: 1, plan: { revision: 1, release: '1.1.0' }, release: { version: '1.1.0' },
      behind: null, holds: { freezes: [], drained: {}, block: null }, overrides: [],
    });
    expect(ledger.queue).toEqual([
      { rollout: 'shop-1', number: 1, lane: 'normal', release: '1.1.0', environments: ['staging', 'production'], isReady: false, behind: null },
    ]);
    expect(ledger.releases).toEqual([{ release: { version: '1.1.0' }, firstSeenAt: now, verified: {}, overrides: [], revocations: [] }]);
    expect(ship(ledger, '1.2.0').rollout).toMatchObject({ rollout: 'shop-2', behind: 'shop-1' });
  });

  it('keeps the plan of one that waits as it is when the document changes', () => {
    const { rollout } = ship(ledgerOf(sydneyOnly), '1.1.0');
    expect(rollout.plan.phases.map(({ waves }) => waves.length)).toEqual([1, 1]);
    expect(rollout.document).toEqual(shop(sydneyOnly));
  });

  it('leaves out the phases where the release is verified', () => {
    const ledger = noteChange(endRollout(start(ledgerOf(sydneyOnly), '1.1.0', { to: 'staging' }), 'shop-1'), verified('staging', '1.1.0'));
    expect(ship(ledger, '1.1.0').rollout.plan).toMatchObject({ alreadyVerified: ['staging'], phases: [{ environment: 'production' }] });
    expect(ship(ledger, '1.2.0').rollout.plan.alreadyVerified).toEqual([]);
  });

  it('as a promotion goes on from where the release is verified, and is refused when it was taken back there', () => {
    const staged = noteChange(endRollout(start(ledgerOf(sydneyOnly), '1.1.0', { to: 'staging' }), 'shop-1'), verified('staging', '1.1.0'));
    const promotion: AdmissionRequest = { ...request('1.1.0', { to: 'production' }), isPromotion: true };
    expect(admit(staged, promotion, now).rollout.plan.phases.map(({ environment }) => environment)).toEqual(['production']);
    const { ledger } = revokeRelease(staged, { release: '1.1.0', by: 'ben', reason: 'it lost orders' }, later);
    expect(() => admit(ledger, promotion, now)).toThrow(expect.objectContaining({
      code: 'PhaseNotVerified', message: expect.stringContaining('it is not verified in staging any more'),
    }));
  });

  it('as a promotion says so when another release runs there since: that is no loss', () => {
    const ledger = shipped(shipped(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0');
    expect(() => admit(ledger, { ...request('1.1.0', { to: 'production' }), isPromotion: true }, now)).toThrow(expect.objectContaining({
      code: 'DecisionRefused', message: expect.stringContaining('another release runs in staging since'),
    }));
  });

  it('is refused for a time that is over: nobody ships at once by a slip of the pen', () => {
    expect(() => ship(ledgerOf(sydneyOnly), '1.1.0', { startAt: '2020-01-01T00:00:00Z' })).toThrow(expect.objectContaining({
      code: 'InvalidRequest', message: expect.stringContaining('startAt 2020-01-01T00:00:00Z is over'),
    }));
  });

  it('is bound to the bundle that was planned, not only to its name', () => {
    const ledger = ledgerOf(sydneyOnly);
    const bundle = (config: string): AdmissionRequest => ({ ...request('1.1.0'), release: { version: '1.1.0', config: { LOG: config } } });
    const { plan } = admit(ledger, bundle('info'), now).rollout;
    const bound = (config: string): AdmissionRequest => ({ ...bundle(config), options: { ...request('1.1.0').options, plan: plan.hash } });
    expect(admit(ledger, bound('info'), now).rollout.plan.hash).toBe(plan.hash);
    expect(() => admit(ledger, bound('debug'), now)).toThrow(expect.objectContaining({ code: 'PlanChanged' }));
  });

  it('is refused when nothing is left to do', () => {
    expect(() => ship(shipped(ledgerOf(sydneyOnly), '1.1.0'), '1.1.0')).toThrow(expect.objectContaining({
      code: 'NothingToDo', message: expect.stringMatching(/^1\.1\.0 already runs, verified, in every region of staging and production\./),
    }));
  });

  it('takes a release again that a newer one has replaced', () => {
    const ledger = shipped(shipped(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0');
    expect(ship(ledger, '1.1.0').rollout.plan.phases.map(({ environment }) => environment)).toEqual(['staging', 'production']);
  });

  it('is refused when a required variable has no value in a region of the walk, all of them named', () => {
    const variables = [{ name: 'PORT', required: true, values: [{ value: 1, environment: 'staging' }] }, { name: 'CURRENCY', required: true }];
    expect(() => ship(ledgerOf({ ...sydneyOnly, variables }), '1.1.0')).toThrow(expect.objectContaining({
      code: 'VariableMissing', message: expect.stringMatching(/^3 required values are missing: PORT in production\/sydney; CURRENCY in staging\/sydney and production\/sydney/),
    }));
    expect(() => ship(ledgerOf({ ...sydneyOnly, variables: [variables[0]] }), '1.1.0', { to: 'staging' })).not.toThrow();
  });

  it.each<[string, string, AdmissionRequest]>([
    ['another bundle under a known version', 'ReleaseChanged', { ...request('1.1.0'), release: { version: '1.1.0', config: { COLOUR: 'red' } } }],
    ['an unknown environment', 'InvalidRequest', request('1.1.0', { to: 'canary' })],
  ])('is refused for %s', (_title, code, asked) => {
    expect(() => admit(ship(ledgerOf(), '1.1.0').ledger, asked, now)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused where it would leave the regions that may hold its data', () => {
    const regions = { sydney: { weight: 5, residency: 'AU' }, frankfurt: { weight: 30, residency: 'EU' } };
    const tenants = { acme: { regions: ['frankfurt'], residency: 'AU' } };
    expect(() => ship(ledgerOf({ regions, tenants }), '1.1.0')).toThrow(expect.objectContaining({ code: 'ResidencyViolated' }));
  });

  it('tells the rollout which regions are drained', () => {
    const drained = { ...ledgerOf(), drained: { sydney: 'disks' } };
    expect(ship(drained, '1.1.0').rollout.holds.drained).toEqual({ sydney: 'disks' });
  });
});

describe('a plan that somebody has looked at', () => {
  const { hash } = ship(ledgerOf(sydneyOnly), '1.1.0').rollout.plan;

  it('is shipped while it is what the rollout would do', () => {
    expect(ship(ledgerOf(sydneyOnly), '1.1.0', { plan: hash }).rollout.plan.hash).toBe(hash);
  });

  it('is refused when the rollout would do something else by now', () => {
    expect(() => ship(ledgerOf(), '1.1.0', { plan: hash })).toThrow(expect.objectContaining({ code: 'PlanChanged', message: expect.stringContaining(hash.slice(0, 12)) }));
  });
});

describe('a blocked release', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const block = (changes: Partial<Block>): Block => ({ name: 'cve-1', reason: 'it leaks', by: 'eve', at: now, ...changes });
  const blocked = (changes: Partial<Block>): PipelineLedger => ({ ...ledgerOf(sydneyOnly), blocks: [block(changes)] });

  it('is refused with the reason of its block', () => {
    expect(() => ship(blocked({ version: '1.1.0' }), '1.1.0')).toThrow(expect.objectContaining({ code: 'ReleaseBlocked', message: expect.stringContaining('it leaks') }));
    expect(() => ship(blocked({ version: '1.1.0' }), '1.2.0')).not.toThrow();
  });

  it('is refused by its digest under any version, also when only the version is given', () => {
    const release = { version: '1.1.0', artifact: { path: '/releases/shop', digest } };
    const known = endRollout(start(ledgerOf(sydneyOnly), '1.1.0', {}, { release }), 'shop-1');
    expect(() => ship({ ...known, blocks: [block({ digest })] }, '1.1.0')).toThrow(expect.objectContaining({ code: 'ReleaseBlocked' }));
  });
});

describe('the first phase that somebody begins with instead', () => {
  const override = { from: 'production', reason: 'the shop is down' };

  it('takes a role of the policy: admin where it names none', () => {
    expect(() => ship(ledgerOf(sydneyOnly), '1.1.0', { override }, { roles: ['developer'] })).toThrow(expect.objectContaining({ code: 'RoleMissing' }));
    expect(() => ship(ledgerOf(sydneyOnly), '1.1.0', { override }, { roles: ['admin'] })).not.toThrow();
    const policy = { override: { roles: ['captain'] } };
    expect(() => ship(ledgerOf({ ...sydneyOnly, policy }), '1.1.0', { override }, { roles: ['admin'] })).toThrow(expect.objectContaining({ code: 'RoleMissing' }));
    expect(() => ship(ledgerOf({ ...sydneyOnly, policy }), '1.1.0', { override }, { roles: ['captain'] })).not.toThrow();
  });

  it('is recorded with who, when and why: on the rollout, on the release, and on the board where it runs', () => {
    const { ledger, rollout } = ship(ledgerOf(sydneyOnly), '1.1.0', { override }, { roles: ['*'] });
    const record = { by: 'ana', at: now, what: 'staging, where 1.1.0 is not verified', reason: 'the shop is down' };
    expect(rollout).toMatchObject({ overrides: [record], plan: { phases: [{ environment: 'production' }] } });
    expect(ledger.releases[0]!.overrides).toEqual([record]);
    const after = noteChange(shipped(ledger, '1.0.0'), verified('production', '1.1.0'));
    expect(boardOf(after).map(({ environment, override: text }) => [environment, text])).toEqual([
      ['staging', null], ['production', 'ana passed over staging, where 1.1.0 is not verified: the shop is down'],
    ]);
  });

  it('is nothing to record where the phase before is verified, and nothing was passed over', () => {
    const ledger = shipped(ledgerOf(sydneyOnly), '1.1.0', { to: 'staging' });
    expect(ship(ledger, '1.1.0', { override }, { roles: ['*'] }).rollout.overrides).toEqual([]);
  });
});

describe('the hot-fix lane', () => {
  const policy = { hotfix: { soak: '5m', roles: ['on-call'] } };
  const hotfix: Partial<ShipOptions> = { lane: 'hotfix', reason: 'the shop is down' };
  const onCall = { roles: ['on-call'] };

  it('is refused where the document has none', () => {
    expect(() => ship(ledgerOf(), '1.1.0', hotfix, onCall)).toThrow(expect.objectContaining({ code: 'HotfixRefused' }));
  });

  it('is refused to those without its role, and without a reason', () => {
    expect(() => ship(ledgerOf({ policy }), '1.1.0', hotfix)).toThrow(expect.objectContaining({ code: 'RoleMissing' }));
    expect(() => ship(ledgerOf({ policy }), '1.1.0', { lane: 'hotfix' }, onCall)).toThrow(expect.objectContaining({ code: 'HotfixRefused' }));
  });

  it('soaks shorter, goes before everybody who waits, and waits only for who runs', () => {
    const line = start(start(ledgerOf({ policy }), '1.1.0'), '1.2.0');
    const { ledger, rollout } = ship(line, '1.1.1', hotfix, onCall);
    expect(ledger.queue.map((each) => each.rollout)).toEqual(['shop-3', 'shop-2']);
    expect(rollout).toMatchObject({ behind: 'shop-1', document: { soak: { min: '5m' } }, plan: { lane: 'hotfix' } });
  });

  it('is open where the policy says reject, unless another hot-fix is there', () => {
    const busy = start(ledgerOf({ policy: { ...policy, overlap: 'reject' } }), '1.1.0');
    const first = ship(busy, '1.1.1', hotfix, onCall).ledger;
    expect(first.queue).toMatchObject([{ rollout: 'shop-2', behind: 'shop-1' }]);
    expect(() => ship(first, '1.1.2', hotfix, onCall)).toThrow(expect.objectContaining({ code: 'EnvironmentBusy', message: expect.stringMatching(/^shop-2 /) }));
  });
});

describe('a rollout that starts later', () => {
  it('is numbered and checked at once, and holds no lock and no place in line', () => {
    const { ledger, rollout } = ship(ledgerOf(), '1.1.0', { startAt: later });
    expect(ledger).toMatchObject({ queue: [], running: [], scheduled: [{ rollout: 'shop-1' }] });
    expect(rollout.behind).toBeNull();
    expect(ship(ledger, '1.2.0').rollout.behind).toBeNull();
    expect(() => ship(ledgerOf(), '1.1.0', { startAt: later, to: 'canary' })).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });

  it('gets its place at the end of the line when its time has come, once', () => {
    const { ledger } = ship(start(start(ledgerOf(), '1.0.0'), '1.0.1'), '1.1.0', { startAt: later });
    const due = queueDue(ledger, 'shop-3');
    expect(due).toMatchObject({ scheduled: [], queue: [{ rollout: 'shop-2' }, { rollout: 'shop-3', isReady: true }] });
    expect(queueDue(due, 'shop-3')).toBe(due);
  });

  it('has its place at once when its time is over, or is tonight', () => {
    expect(ship(ledgerOf(), '1.1.0', { startAt: now }).ledger.queue).toHaveLength(1);
    expect(ship(ledgerOf(), '1.1.0', { startAt: 'tonight' }).ledger.queue).toHaveLength(1);
  });
});

describe('environments that are busy', () => {
  it('let the next one wait by default, behind whoever holds them', () => {
    const two = start(start(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0');
    expect(two).toMatchObject({ running: [{ rollout: 'shop-1', environments: ['staging', 'production'] }], queue: [{ rollout: 'shop-2', behind: 'shop-1' }] });
    expect(ship(two, '1.3.0').rollout.behind).toBe('shop-1');
  });

  it('refuse the next one where the policy says so, naming who comes first', () => {
    const busy = start(ledgerOf({ ...sydneyOnly, policy: { overlap: 'reject' } }), '1.1.0');
    expect(() => ship(busy, '1.2.0')).toThrow(expect.objectContaining({
      code: 'EnvironmentBusy', message: 'shop-1 comes first in staging and production, and policy.overlap is reject. Wait for it, or end it.',
    }));
    expect(() => ship(endRollout(busy, 'shop-1'), '1.2.0')).not.toThrow();
  });

  it('refuse it even while the first one has not begun: two that come together are not both let in', () => {
    const { ledger } = ship(ledgerOf({ ...sydneyOnly, policy: { overlap: 'reject' } }), '1.1.0');
    expect(() => ship(ledger, '1.2.0')).toThrow(expect.objectContaining({ code: 'EnvironmentBusy' }));
  });

  it('refuse the next one when a hundred already wait', () => {
    const line = Array.from({ length: 101 }).reduce<PipelineLedger>((ledger, _each, index) => start(ledger, `1.${index}.0`), ledgerOf(sydneyOnly));
    expect(line.queue).toHaveLength(100);
    expect(() => ship(line, '2.0.0')).toThrow(expect.objectContaining({
      code: 'EnvironmentBusy', message: '100 rollouts already wait in line, the last one behind shop-1, and 0 for their time. Abort some first.',
    }));
  });
});
