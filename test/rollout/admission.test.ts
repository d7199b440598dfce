import { describe, expect, it } from 'vitest';
import { admit, type AdmissionRequest } from '../../src/rollout/admission.js';
import { endRollout, noteChange, type PipelineLedger } from '../../src/rollout/pipeline-ledger.js';
import { shop } from './sample-document.js';
import { ledgerOf, now, ship, start, sydneyOnly, verified } from './sample-ledger.js';

describe('the admission of a rollout', () => {
  it('numbers it, freezes document, plan and release, and gives it its place in line', () => {
    const before = ledgerOf(sydneyOnly);
    const { ledger, rollout } = ship(before, '1.1.0');
    expect(rollout).toMatchObject({ rollout: 'shop-1', number: 1, document: before.document, plan: { revision: 1, release: '1.1.0' }, release: { version: '1.1.0' }, behind: null });
    expect(ledger.queue).toEqual([{ rollout: 'shop-1', release: '1.1.0', environments: ['staging', 'production'], isReady: false, behind: null }]);
    expect(ledger.releases).toEqual([{ release: { version: '1.1.0' }, firstSeenAt: now, verified: {} }]);
    expect(ship(ledger, '1.2.0').rollout).toMatchObject({ rollout: 'shop-2', behind: 'shop-1' });
  });

  it('keeps the plan of one that waits as it is when the document changes', () => {
    const { rollout } = ship(ledgerOf(sydneyOnly), '1.1.0');
    expect(rollout.plan.phases.map(({ waves }) => waves.length)).toEqual([1, 1]);
    expect(rollout.document).toEqual(shop(sydneyOnly));
  });

  it('leaves out the phases where the release is verified', () => {
    const ledger = noteChange(endRollout(start(ledgerOf(sydneyOnly), '1.1.0', 'staging'), 'shop-1'), verified('staging', '1.1.0'));
    expect(ship(ledger, '1.1.0').rollout.plan).toMatchObject({ alreadyVerified: ['staging'], phases: [{ environment: 'production' }] });
    expect(ship(ledger, '1.2.0').rollout.plan.alreadyVerified).toEqual([]);
  });

  const shipped = (version: string, ledger = ledgerOf(sydneyOnly)): PipelineLedger =>
    ['staging', 'production'].reduce((before, environment) => noteChange(before, verified(environment, version)), endRollout(start(ledger, version), `shop-${ledger.next}`));

  it('is refused when nothing is left to do', () => {
    expect(() => ship(shipped('1.1.0'), '1.1.0')).toThrow(expect.objectContaining({
      code: 'NothingToDo', message: '1.1.0 already runs, verified, in every region of staging and production.',
    }));
  });

  it('takes a release again that a newer one has replaced', () => {
    const ledger = shipped('1.2.0', shipped('1.1.0'));
    expect(ship(ledger, '1.1.0').rollout.plan.phases.map(({ environment }) => environment)).toEqual(['staging', 'production']);
  });

  it('is refused when a required variable has no value in a region of the walk, all of them named', () => {
    const variables = [{ name: 'PORT', required: true, values: [{ value: 1, environment: 'staging' }] }, { name: 'CURRENCY', required: true }];
    expect(() => ship(ledgerOf({ ...sydneyOnly, variables }), '1.1.0')).toThrow(expect.objectContaining({
      code: 'VariableMissing', message: expect.stringMatching(/^3 required values are missing: PORT in production\/sydney; CURRENCY in staging\/sydney and production\/sydney/),
    }));
    expect(() => ship(ledgerOf({ ...sydneyOnly, variables: [variables[0]] }), '1.1.0', 'staging')).not.toThrow();
  });

  it.each<[string, string, AdmissionRequest]>([
    ['another bundle under a known version', 'ReleaseChanged', { release: { version: '1.1.0', config: { COLOUR: 'red' } } }],
    ['an unknown environment', 'InvalidRequest', { release: { version: '1.1.0' }, to: 'canary' }],
  ])('is refused for %s', (_title, code, request) => {
    expect(() => admit(ship(ledgerOf(), '1.1.0').ledger, request, now)).toThrow(expect.objectContaining({ code }));
  });
});

describe('environments that are busy', () => {
  it('let the next one wait by default, behind whoever is last in line for them', () => {
    const two = start(start(ledgerOf(sydneyOnly), '1.1.0'), '1.2.0');
    expect(two).toMatchObject({ locks: { staging: 'shop-1', production: 'shop-1' }, queue: [{ rollout: 'shop-2', behind: 'shop-1' }] });
    expect(ship(two, '1.3.0').rollout.behind).toBe('shop-2');
  });

  it('refuse the next one where the policy says so, naming who comes first', () => {
    const busy = start(ledgerOf({ ...sydneyOnly, policy: { overlap: 'reject' } }), '1.1.0');
    expect(() => ship(busy, '1.2.0')).toThrow(expect.objectContaining({
      code: 'EnvironmentBusy', message: 'shop-1 comes first in staging or production, and policy.overlap is reject. Wait for it, or end it.',
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
      code: 'EnvironmentBusy', message: '100 rollouts already wait in line, the last one behind shop-100. Abort some first.',
    }));
  });
});
