import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRollout, refuseLostPhases, regionsOf, type PlanQuestion } from '../../src/rollout/plan.js';
import { Plan } from '../../src/rollout/schema/plan.js';
import { shop, verifiedIn } from './sample-document.js';

const ask = (changes: Partial<PlanQuestion> = {}): Plan =>
  planRollout({ document: shop(), revision: 3, release: '1.1.0', verified: {}, board: [], ...changes });
const walk = (plan: Plan): string[] => plan.phases.map(({ environment }) => environment);

const regions = ['sydney', 'frankfurt', 'virginia'];
const everywhere = (...environments: string[]): string[] => environments.flatMap((environment) => regions.map((region) => `${environment}/${region}`));
const running = (release: string, ...places: string[]): PlanQuestion['board'] =>
  places.map((place) => ({ environment: place.split('/')[0]!, region: place.split('/')[1]!, release }));

describe('a plan', () => {
  it('says which waves of which regions come in which order, and how much traffic they carry together', () => {
    const plan = ask({ document: shop({ lifecycle: [
      { environment: 'staging', waves: [['frankfurt']], soak: { min: '5m', max: '10m', minSamples: 7 } },
      {
        environment: 'production', waves: { order: 'smallest-first', sizes: [1, 'rest'] }, concurrency: 1,
        gates: [{ name: 'go-no-go', type: 'approval', roles: ['sre'] }], regionGates: [{ name: 'quiet', type: 'approval', roles: ['ops'] }],
      },
    ] }) });
    expect(plan).toMatchObject({ pipeline: 'shop', revision: 3, release: '1.1.0', alreadyVerified: [] });
    expect(plan.phases[0]).toEqual({
      environment: 'staging', gates: [], regionGates: [],
      waves: [{ number: 1, regions: [{ region: 'frankfurt', why: 'named in wave 1 of the document' }], concurrency: 1, exposure: 1 }],
      soakMs: { min: 300_000, max: 600_000, interval: 30_000 }, minSamples: 7,
    });
    expect(plan.phases[1]).toMatchObject({
      gates: [{ name: 'go-no-go', type: 'approval', needs: 'approval by sre, within 1d' }],
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

  it('changes no more regions at once than a wave has', () => {
    const plan = ask({ document: shop({ lifecycle: [{ environment: 'production', waves: [['sydney'], ['frankfurt', 'virginia']], concurrency: 100 }] }) });
    expect(plan.phases[0]?.waves.map(({ concurrency }) => concurrency)).toEqual([1, 2]);
  });

  it('ends with the environment that is asked for', () => {
    expect(walk(ask({ to: 'staging' }))).toEqual(['staging']);
    expect(walk(ask({ to: 'production' }))).toEqual(['staging', 'production']);
  });

  it('is refused for an environment that the lifecycle does not have', () => {
    expect(() => ask({ to: 'canary' })).toThrow(
      expect.objectContaining({ code: 'InvalidRequest', message: 'The lifecycle has no environment canary. It has: staging, production.' }),
    );
  });
});

describe('the walk', () => {
  it('begins at the first phase where the release is not verified in every region', () => {
    expect(ask({ verified: verifiedIn(...everywhere('staging')) })).toMatchObject({ phases: [{ environment: 'production' }], alreadyVerified: ['staging'] });
    expect(walk(ask({ verified: verifiedIn('staging/sydney', 'staging/frankfurt') }))).toEqual(['staging', 'production']);
  });

  it('begins again where a region has joined a phase that was verified', () => {
    const joined = shop({ regions: { ...shop().regions, oslo: { weight: 1 } } });
    expect(walk(ask({ document: joined, verified: verifiedIn(...everywhere('staging', 'production')) }))).toEqual(['staging', 'production']);
  });

  it('does not begin at a phase because a later one is verified', () => {
    expect(walk(ask({ verified: verifiedIn(...everywhere('production')) }))).toEqual(['staging', 'production']);
  });

  it('is empty when the release runs, verified, in every region', () => {
    const places = everywhere('staging', 'production');
    expect(ask({ verified: verifiedIn(...places), board: running('1.1.0', ...places) })).toMatchObject({
      phases: [], alreadyVerified: ['staging', 'production'], expectedMs: { min: 0, max: 0 },
    });
  });

  it('of a release that was verified everywhere and replaced since begins where something else runs', () => {
    const verified = verifiedIn(...everywhere('staging', 'production'));
    expect(walk(ask({ verified, board: running('1.2.0', ...everywhere('staging', 'production')) }))).toEqual(['staging', 'production']);
    const board = [...running('1.1.0', ...everywhere('staging')), ...running('1.2.0', ...everywhere('production'))];
    expect(ask({ verified, board })).toMatchObject({ phases: [{ environment: 'production' }], alreadyVerified: ['staging'] });
  });

  it('does not go back to a verified phase for what has run there since, while a later one is not verified', () => {
    expect(walk(ask({ verified: verifiedIn(...everywhere('staging')), board: running('1.2.0', ...everywhere('staging')) }))).toEqual(['production']);
  });

  it('is refused once it would skip a phase, because the release was taken back there while it waited', () => {
    const plan = ask({ verified: verifiedIn(...everywhere('staging')) });
    expect(() => refuseLostPhases(plan, shop(), verifiedIn(...everywhere('staging')))).not.toThrow();
    expect(() => refuseLostPhases(plan, shop(), verifiedIn('staging/sydney', 'staging/frankfurt', ...everywhere('production')))).toThrow(
      expect.objectContaining({
        code: 'PhaseNotVerified',
        message: '1.1.0 is no longer verified in staging: it was taken back there after this rollout was planned. Ship it again, so that it begins there.',
      }),
    );
    expect(() => refuseLostPhases(ask(), shop(), {})).not.toThrow();
  });

  const names = ['dev', 'staging', 'canary', 'production'];
  const lifecycles = fc.subarray(names, { minLength: 1 });
  const placesIn = fc.subarray(everywhere(...names));

  it('is the rest of the lifecycle from one phase on: none is skipped, and none begins before all before it are verified', () => {
    fc.assert(fc.property(lifecycles, placesIn, placesIn, (lifecycle, verified, running110) => {
      const plan = ask({
        document: shop({ lifecycle: lifecycle.map((environment) => ({ environment })) }), verified: verifiedIn(...verified), board: running('1.1.0', ...running110),
      });
      expect([...plan.alreadyVerified, ...walk(plan)]).toEqual(lifecycle);
      for (const environment of plan.alreadyVerified) expect(verified).toEqual(expect.arrayContaining(everywhere(environment)));
      for (const phase of plan.phases) expect(regionsOf(phase)).toEqual(regions);
    }));
  });

  it('always covers every place that is not verified', () => {
    fc.assert(fc.property(lifecycles, placesIn, (lifecycle, verified) => {
      const plan = ask({ document: shop({ lifecycle: lifecycle.map((environment) => ({ environment })) }), verified: verifiedIn(...verified) });
      const covered = plan.phases.flatMap((phase) => regionsOf(phase).map((region) => `${phase.environment}/${region}`));
      expect(covered).toEqual(expect.arrayContaining(everywhere(...lifecycle).filter((place) => !verified.includes(place))));
    }));
  });
});
