import { describe, expect, it } from 'vitest';
import { planHash } from '../../../src/rollout/plan/plan-hash.js';
import { Plan } from '../../../src/rollout/schema/plan.js';
import { ask, covered, everywhere, regions, running, walk } from './ask-plan.js';
import { shop, verifiedIn } from '../sample-document.js';

describe('a plan', () => {
  it('says which waves of which regions come in which order, and how much traffic they carry together', () => {
    const plan = ask({ document: shop({ lifecycle: [
      { environment: 'staging', waves: [['frankfurt']], soak: { min: '5m', max: '10m', minSamples: 7 } },
      {
        environment: 'production', waves: { order: 'smallest-first', sizes: [1, 'rest'] }, concurrency: 1,
        gates: [{ name: 'go-no-go', type: 'approval', roles: ['sre'] }], regionGates: [{ name: 'quiet', type: 'approval', roles: ['ops'] }],
        waveGates: [{ name: 'night', type: 'window', from: '01:00', to: '05:00', timezone: 'UTC' }],
      },
    ] }) });
    expect(plan).toMatchObject({ pipeline: 'shop', revision: 3, release: '1.1.0', alreadyVerified: [], leftOut: [], next: null, pointOfNoReturn: null });
    expect(plan.phases[0]).toEqual({
      environment: 'staging', gates: [], waveGates: [], regionGates: [], tenants: 'sequence', rehearse: false,
      waves: [{ number: 1, regions: [{ region: 'frankfurt', why: 'named in wave 1 of the document', comparedWith: [] }], concurrency: 1, exposure: 1 }],
      soakMs: { min: 300_000, max: 600_000, interval: 30_000 }, minSamples: 7,
    });
    expect(plan.phases[1]).toMatchObject({
      gates: [{ name: 'go-no-go', type: 'approval', needs: 'approval by sre, within 1d' }],
      waveGates: [{ name: 'night', type: 'window', needs: '01:00 to 05:00 in UTC' }],
      regionGates: [{ name: 'quiet', type: 'approval', needs: 'approval by ops, within 1d' }],
      waves: [
        { number: 1, regions: [{ region: 'sydney' }], concurrency: 1, exposure: 0.05 },
        { number: 2, regions: [{ region: 'frankfurt' }, { region: 'virginia' }], concurrency: 1, exposure: 1 },
      ],
      soakMs: { min: 1_800_000, max: 7_200_000, interval: 30_000 }, minSamples: 100,
    });
    expect(Plan.strict().parse(plan)).toEqual(plan);
  });

  it('counts the soaks of regions that change together once, and of those that wait for each other one by one', () => {
    const soakIn = (production: object) =>
      ask({ document: shop({ soak: { min: '10m', max: '1h' }, lifecycle: [{ environment: 'production', ...production }] }) }).expectedMs;
    const minute = 60_000;
    expect(soakIn({})).toEqual({ min: 30 * minute, max: 180 * minute });
    expect(soakIn({ waves: [regions] })).toEqual({ min: 10 * minute, max: 60 * minute });
    expect(soakIn({ waves: [regions], concurrency: 2 })).toEqual({ min: 20 * minute, max: 120 * minute });
    expect(soakIn({ waves: [regions], concurrency: 100 })).toEqual({ min: 10 * minute, max: 60 * minute });
  });

  it('counts the time that a soak is meant to take, or the shortest one where it may end early', () => {
    const shortest = (soak: object) => ask({ document: shop({ soak: { min: '10m', duration: '30m', max: '1h', ...soak }, lifecycle: [{ environment: 'production' }] }) }).phases[0]?.soakMs;
    expect(shortest({})).toMatchObject({ min: 1_800_000, max: 3_600_000 });
    expect(shortest({ earlyFinish: true })).toMatchObject({ min: 600_000, max: 3_600_000 });
    expect(shortest({ max: '20m' })).toMatchObject({ min: 1_800_000, max: 1_800_000 });
  });

  it('changes no more regions at once than a wave has', () => {
    const plan = ask({ document: shop({ lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt', 'virginia']], concurrency: 100 }] }) });
    expect(plan.phases[0]?.waves.map(({ concurrency }) => concurrency)).toEqual([1, 2]);
  });

  it('counts the soaks of tenants that follow each other one by one, and of those that change together once', () => {
    const document = (tenants: string) => shop({
      tenants: { acme: { regions: ['sydney', 'frankfurt'] }, globex: { regions: ['sydney'] } }, soak: { min: '10m', max: '1h' },
      lifecycle: [{ environment: 'production', waves: [regions], tenants }],
    });
    expect(ask({ document: document('sequence') }).expectedMs).toEqual({ min: 1_200_000, max: 7_200_000 });
    expect(ask({ document: document('together') }).expectedMs).toEqual({ min: 600_000, max: 3_600_000 });
  });

  it('changes so many regions of a rolling wave at once as it says', () => {
    const rolling = (changes: object) => ask({ document: shop({ lifecycle: [{ environment: 'production', waves: { order: 'rolling', concurrency: 2 }, ...changes }] }) });
    expect(rolling({}).phases[0]?.waves).toMatchObject([{ regions: [{}, {}, {}], concurrency: 2, exposure: 1 }]);
    expect(rolling({ concurrency: 1 }).phases[0]?.waves).toMatchObject([{ concurrency: 1 }]);
    expect(rolling({ waves: { order: 'rolling', concurrency: 9, maxFirstExposure: '5%' } }).phases[0]?.waves).toMatchObject([{ concurrency: 1 }, { concurrency: 2 }]);
  });

  it('has its first waves rehearsed when that is asked for', () => {
    expect(ask({ options: { rehearse: true } }).phases.map(({ rehearse }) => rehearse)).toEqual([true, true]);
  });
});

describe('what a plan leaves out', () => {
  it('are places where the release runs already, verified: a region that has joined is shipped alone', () => {
    const document = shop({ regions: { ...shop().regions, oslo: { weight: 100 } }, lifecycle: [{ environment: 'production' }] });
    const plan = ask({ document, verified: verifiedIn(...everywhere('production')), board: running('1.1.0', ...everywhere('production')) });
    expect(plan.phases[0]?.waves).toEqual([{
      number: 1, concurrency: 1, exposure: 1,
      regions: [{
        region: 'oslo', why: 'largest share of traffic (weight 100): last, with the most evidence behind it', comparedWith: ['virginia', 'frankfurt', 'sydney'],
      }],
    }]);
    expect(plan.leftOut).toEqual(['virginia', 'sydney', 'frankfurt'].map((region) => ({ environment: 'production', region, why: 'already runs there, verified' })));
  });

  it('are not places where the release has been verified and something else runs now', () => {
    const verified = verifiedIn('staging/sydney', 'staging/frankfurt');
    const plan = ask({ options: { to: 'staging' }, verified, board: [...running('1.1.0', 'staging/sydney'), ...running('1.2.0', 'staging/frankfurt')] });
    expect(covered(plan)).toEqual(['staging/frankfurt', 'staging/virginia']);
  });

  it('counts what runs the release already into the exposure of the first wave', () => {
    const plan = ask({ options: { to: 'staging' }, verified: verifiedIn('staging/virginia'), board: running('1.1.0', 'staging/virginia') });
    expect(plan.phases[0]?.waves.map(({ exposure }) => exposure)).toEqual([0.7, 1]);
  });

  it('is a phase of the walk in which nothing is left to do', () => {
    const places = everywhere('dev', 'production');
    const document = shop({ lifecycle: ['dev', 'staging', 'production'].map((environment) => ({ environment })) });
    const plan = ask({ document, verified: verifiedIn(...places), board: running('1.1.0', ...places) });
    expect(walk(plan)).toEqual(['staging']);
    expect(plan).toMatchObject({ alreadyVerified: ['dev'], leftOut: [{ environment: 'production' }, { environment: 'production' }, { environment: 'production' }] });
  });

  it('are tenants that are held back, and for nothing else', () => {
    const document = shop({
      tenants: { acme: { regions: ['sydney', 'frankfurt'] }, globex: { regions: ['sydney'], holdBack: 'audit until May' } },
      lifecycle: [{ environment: 'production' }],
    });
    const plan = ask({ document });
    expect(covered(plan)).toEqual(['production/sydney/acme', 'production/frankfurt/acme', 'production/virginia']);
    expect(plan.leftOut).toEqual([{ environment: 'production', region: 'sydney', tenant: 'globex', why: 'held back: audit until May' }]);
    expect(plan.phases[0]?.waves.map(({ exposure }) => exposure)).toEqual([0.025, 0.325, 0.975]);
  });

  it('lets a phase be verified without the tenants that are held back', () => {
    const document = shop({ tenants: { acme: { regions, holdBack: 'audit' }, globex: { regions } } });
    const verified = verifiedIn(...everywhere('staging').map((key) => `${key}/globex`));
    expect(walk(ask({ document, verified }))).toEqual(['production']);
  });
});

describe('tenants in a plan', () => {
  const tenants = { acme: { regions: ['sydney', 'frankfurt'] }, globex: { regions: ['sydney'] } };

  it('stand where their region stands, in the order of the document', () => {
    const plan = ask({ document: shop({ tenants, lifecycle: [{ environment: 'production', waves: [['virginia'], ['frankfurt', 'sydney']] }] }) });
    expect(plan.phases[0]?.waves.map((wave) => wave.regions.map(({ region, tenant }) => [region, tenant]))).toEqual([
      [['virginia', undefined]], [['frankfurt', 'acme'], ['sydney', 'acme'], ['sydney', 'globex']],
    ]);
    expect(plan.phases[0]?.waves[1]?.concurrency).toBe(2);
  });

  it('are each a place of their own: one that is new is shipped alone', () => {
    const places = ['production/sydney/acme', 'production/frankfurt/acme', 'production/virginia'];
    const plan = ask({
      document: shop({ tenants, lifecycle: [{ environment: 'production' }] }), verified: verifiedIn(...places), board: running('1.1.0', ...places),
    });
    expect(covered(plan)).toEqual(['production/sydney/globex']);
  });
});

describe('the hash of a plan', () => {
  const gate = shop({ lifecycle: [{ environment: 'staging', gates: [{ name: 'go', type: 'approval', roles: ['sre'] }] }, { environment: 'production' }] });

  it('is the same for plans that do the same, whatever they say about it', () => {
    expect(ask().hash).toMatch(/^[0-9a-f]{64}$/);
    expect(ask().hash).toBe(ask().hash);
    expect(ask({ drained: { sydney: 'disk swap' } }).hash).toBe(ask().hash);
    const { phases, ...rest } = ask({ document: gate });
    const reworded = phases.map((phase) => ({
      ...phase,
      gates: phase.gates.map((each) => ({ ...each, needs: 'other words' })),
      waves: phase.waves.map((wave) => ({ ...wave, regions: wave.regions.map((region) => ({ ...region, why: 'other words' })) })),
    }));
    expect(planHash({ ...rest, phases: reworded })).toBe(rest.hash);
  });

  it.each<[string, Parameters<typeof ask>[0]]>([
    ['release', { release: '1.2.0' }],
    ['revision of the document', { revision: 4 }],
    ['lane', { options: { lane: 'hotfix' } }],
    ['rehearsal', { options: { rehearse: true } }],
    ['last phase', { options: { to: 'staging' } }],
    ['first phase', { verified: verifiedIn(...everywhere('staging')) }],
    ['places', { verified: verifiedIn('staging/sydney'), board: running('1.1.0', 'staging/sydney') }],
    ['waves', { document: shop({ lifecycle: [{ environment: 'staging', waves: 'all' }, { environment: 'production' }] }) }],
    ['soak', { document: shop({ soak: { min: '31m' } }) }],
    ['gates', { document: gate }],
    ['pipeline', { document: shop({ name: 'shop-eu' }) }],
  ])('is another one with another %s', (_what, changes) => {
    expect(ask(changes).hash).not.toBe(ask().hash);
  });
});
