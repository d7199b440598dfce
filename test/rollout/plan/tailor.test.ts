import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs } from '../../../src/rollout/duration.js';
import { planRollout } from '../../../src/rollout/plan/plan.js';
import { regionSettings } from '../../../src/rollout/document/settings.js';
import { tailorDocument } from '../../../src/rollout/plan/tailor.js';
import { everywhere, running } from './ask-plan.js';
import { shipOptions, shop, verifiedIn } from '../sample-document.js';

const minute = 60_000;
const tonight = { name: 'tonight', type: 'window', offPeak: true };

describe('the document of a rollout', () => {
  it('is the pipeline’s where nothing special is asked for', () => {
    const document = shop({ policy: { hotfix: { soak: '2m' } } });
    expect(tailorDocument(document, shipOptions({ startAt: '2026-11-22T01:00:00Z', rehearse: true }))).toEqual(document);
  });
});

describe('the document of a hot-fix', () => {
  const hotfix = (changes: object) => tailorDocument(shop({ policy: { hotfix: { soak: '5m' } }, ...changes }), shipOptions({ lane: 'hotfix' }));
  const minutesOf = (changes: object) => {
    const document = hotfix(changes);
    return document.lifecycle.map(({ environment }) => regionSettings(document, { environment, region: 'sydney' }).soak.minMs / minute);
  };

  it('soaks as long as the lane says, in every phase', () => {
    expect(minutesOf({ soak: { min: '30m' }, lifecycle: [{ environment: 'staging', soak: { min: '10m' } }, { environment: 'production' }] })).toEqual([5, 5]);
  });

  it('is not meant to soak longer than that either', () => {
    const document = hotfix({ soak: { min: '10m', duration: '1h' }, lifecycle: [{ environment: 'staging', soak: { duration: '3m' } }, { environment: 'production' }] });
    const soaks = ['staging', 'production'].map((environment) => regionSettings(document, { environment, region: 'sydney' }).soak);
    expect(soaks.map(({ minMs, durationMs: meantMs }) => [minMs / minute, meantMs / minute])).toEqual([[5, 5], [5, 5]]);
    expect(document.lifecycle[0]?.soak?.duration).toBe('3m');
  });

  it('never soaks longer than other releases do', () => {
    expect(minutesOf({ soak: { min: '3m' }, lifecycle: [{ environment: 'staging', soak: { min: '1m' } }, { environment: 'production', soak: { min: '1h' } }] })).toEqual([1, 5]);
    expect(minutesOf({ soak: { min: '3m' } })).toEqual([3, 3]);
  });

  it('asks for the same evidence', () => {
    const changes = { soak: { min: '30m', max: '2h', minSamples: 500 }, metrics: { type: 'scrape', url: 'http://x/' }, checks: [{ name: 'm', kind: 'value', query: 'm', max: 1 }] };
    const [fixed, normal] = [hotfix(changes), shop({ ...changes, policy: { hotfix: { soak: '5m' } } })];
    expect({ ...fixed, soak: { ...fixed.soak, min: '30m' } }).toEqual(normal);
  });

  it('never soaks not at all', () => {
    const spans = fc.integer({ min: 1, max: 100 }).map((seconds) => `${seconds}s`);
    fc.assert(fc.property(spans, spans, spans, (lane, all, one) => {
      const document = tailorDocument(
        shop({ policy: { hotfix: { soak: lane } }, soak: { min: all }, lifecycle: [{ environment: 'staging' }, { environment: 'production', soak: { min: one } }] }),
        shipOptions({ lane: 'hotfix' }),
      );
      const soaks = document.lifecycle.map(({ environment }) => regionSettings(document, { environment, region: 'sydney' }).soak.minMs);
      expect(soaks).toEqual([Math.min(durationMs(lane), durationMs(all)), Math.min(durationMs(lane), durationMs(one))]);
      expect(Math.min(...soaks)).toBeGreaterThan(0);
    }));
  });

  it('is the pipeline’s where there is no hot-fix lane', () => {
    expect(tailorDocument(shop(), shipOptions({ lane: 'hotfix' }))).toEqual(shop());
  });
});

describe('the document of a rollout tonight', () => {
  const night = (lifecycle: object[], options = {}) =>
    tailorDocument(shop({ lifecycle }), shipOptions({ startAt: 'tonight', ...options })).lifecycle.filter(({ regionGates }) => regionGates.length > 0).map(({ environment }) => environment);
  const [staging, production, standby] = [{ environment: 'staging' }, { environment: 'production' }, { environment: 'standby' }];

  it('has each region of the last phase wait for its own night, after its other gates', () => {
    const quiet = { name: 'quiet', type: 'approval', roles: ['sre'] };
    const document = tailorDocument(shop({ lifecycle: [staging, { ...production, regionGates: [quiet] }] }), shipOptions({ startAt: 'tonight' }));
    expect(document.lifecycle.map(({ regionGates }) => regionGates)).toMatchObject([[], [quiet, tonight]]);
  });

  it('means the phase where the walk ends', () => {
    expect(night([staging, production, standby], { to: 'production' })).toEqual(['production']);
    expect(night([staging, production, { ...standby, optional: true }])).toEqual(['production']);
    expect(night([staging, production, { ...standby, optional: true }], { include: ['standby'] })).toEqual(['standby']);
    expect(night([staging, { ...production, promotion: 'manual' }, standby])).toEqual(['staging', 'standby']);
    expect(night([staging, { ...production, promotion: 'manual' }, standby], { to: 'standby' })).toEqual(['standby']);
    expect(night([staging, { ...production, promotion: 'manual' }, standby], { override: { from: 'production', reason: 'outage' } })).toEqual(['standby']);
  });

  it('gives the gate a name that no other gate of the phase has', () => {
    const taken = (name: string) => ({ name, type: 'approval', roles: ['sre'] });
    const document = tailorDocument(
      shop({ lifecycle: [{ environment: 'production', gates: [taken('tonight')], regionGates: [taken('tonight-2')] }] }), shipOptions({ startAt: 'tonight' }),
    );
    expect(document.lifecycle[0]?.regionGates.at(-1)).toEqual({ ...tonight, name: 'tonight-3' });
  });

  it('has one night in every walk through a lifecycle that is done as far as some phase, and it is in the last phase', () => {
    const names = ['dev', 'staging', 'production', 'standby'];
    const lifecycles = fc.tuple(...names.map((environment) =>
      fc.record({ environment: fc.constant(environment), optional: fc.boolean(), promotion: fc.constantFrom('automatic', 'manual') })));
    fc.assert(fc.property(lifecycles, fc.nat(names.length), fc.option(fc.constantFrom(...names), { nil: undefined }), (lifecycle, count, to) => {
      const done = names.slice(0, count);
      const options = shipOptions({ startAt: 'tonight', ...(to !== undefined && { to }) });
      const verified = verifiedIn(...everywhere(...done));
      const { phases } = planRollout({
        document: tailorDocument(shop({ lifecycle }), options), revision: 1, release: '1.1.0', options, verified, board: running('1.1.0', ...everywhere(...done)),
      });
      const nights = phases.filter(({ regionGates }) => regionGates.some(({ name }) => name === 'tonight'));
      expect(nights).toEqual(phases.slice(-1));
    }));
  });
});
