import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { placesOf, planRollout, requeue } from '../../../src/rollout/plan/plan.js';
import { assertResidency, residencyProblems } from '../../../src/rollout/document/residency.js';
import type { PipelineDocument } from '../../../src/rollout/schema/pipeline.js';
import type { Plan } from '../../../src/rollout/schema/plan.js';
import { shipOptions, shop } from '../sample-document.js';

const world = {
  sydney: { weight: 5, residency: 'AU' }, frankfurt: { weight: 30, residency: 'EU' }, dublin: { weight: 10, residency: 'EU' }, virginia: { weight: 65 },
};
const problemsOf = (changes: Record<string, unknown>): string[] =>
  residencyProblems(shop({ regions: world, ...changes })).map(({ pointer, message }) => `${pointer} ${message}`);

describe('the residency of a document', () => {
  it('is kept where nobody has written a rule and each tenant lives in regions of its own residency', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ tenants: { acme: { regions: ['frankfurt', 'dublin'], residency: 'EU' }, globex: { regions: ['virginia', 'sydney'] } } })).toEqual([]);
  });

  it('is broken by a tenant in a region that is none of its residency', () => {
    expect(problemsOf({ tenants: { acme: { regions: ['dublin', 'virginia'], residency: 'EU' }, kiwi: { regions: ['sydney'], residency: 'NZ' } } })).toEqual([
      '/tenants/acme/regions/1 acme is EU: data of EU may not be in virginia; it may be in frankfurt, dublin',
      '/tenants/kiwi/regions/0 kiwi is NZ: data of NZ may not be in sydney; it may be in no region',
    ]);
  });

  it('goes by the written rule where there is one, for tenants and for regions themselves', () => {
    const residency = { allow: { EU: ['frankfurt', 'virginia'] } };
    expect(problemsOf({ residency, tenants: { acme: { regions: ['virginia', 'dublin'], residency: 'EU' } } })).toEqual([
      '/regions/dublin/residency dublin itself is EU: data of EU may not be in dublin; it may be in frankfurt, virginia',
      '/tenants/acme/regions/1 acme is EU: data of EU may not be in dublin; it may be in frankfurt, virginia',
    ]);
  });

  it('is broken by a failover that a written rule forbids', () => {
    const regions = { ...world, frankfurt: { ...world.frankfurt, pair: 'virginia' } };
    expect(problemsOf({ regions })).toEqual([]);
    expect(problemsOf({ regions, residency: { allow: { EU: ['frankfurt', 'dublin'] } } })).toEqual([
      '/regions/frankfurt/pair frankfurt is EU and would fail over: data of EU may not be in virginia; it may be in frankfurt, dublin',
    ]);
  });

  it('names a region that a rule does not know, and nothing that only follows from it', () => {
    expect(problemsOf({ residency: { allow: { EU: ['frankfort', 'dublin'] } } })).toEqual([
      '/residency/allow/EU/0 there is no region frankfort; regions: sydney, frankfurt, dublin, virginia. Did you mean frankfurt?',
    ]);
  });

  it('is not asked of regions that do not exist: other rules say so', () => {
    expect(problemsOf({ tenants: { acme: { regions: ['oslo'], residency: 'EU' } } })).toEqual([]);
  });

  it('takes a residency for what it is called, even for names that every object has', () => {
    expect(problemsOf({ tenants: { acme: { regions: ['sydney'], residency: 'constructor' } } })).toEqual([
      '/tenants/acme/regions/0 acme is constructor: data of constructor may not be in sydney; it may be in no region',
    ]);
  });
});

describe('a place that may not hold the data', () => {
  it('is refused, each with its reason', () => {
    const document = shop({ regions: world, tenants: { acme: { regions: ['sydney'], residency: 'EU' } } });
    expect(() => assertResidency(document, [{ environment: 'production', region: 'sydney', tenant: 'acme' }, { environment: 'production', region: 'virginia' }])).toThrow(
      expect.objectContaining({
        code: 'ResidencyViolated',
        message: "production/sydney/acme: data of EU may not be in sydney; it may be in frankfurt, dublin. Change the document's residency rules or its places.",
      }),
    );
  });

  it('is refused in a region that the document does not have', () => {
    const document = shop({ regions: world, tenants: { acme: { regions: ['frankfurt'], residency: 'EU' } } });
    expect(() => assertResidency(document, [{ environment: 'production', region: 'oslo', tenant: 'acme' }])).toThrow(/may not be in oslo/);
  });
});

describe('no plan', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const residence = fc.option(fc.constantFrom('AU', 'EU', 'US'), { nil: undefined });
  const some = fc.subarray(names, { minLength: 1 });
  const written = <Shape extends object>(shape: Shape): Shape => JSON.parse(JSON.stringify(shape)) as Shape;
  const documents = fc.record({
    regions: fc.record(Object.fromEntries(names.map((name) => [name, fc.record({ weight: fc.nat(20), residency: residence })]))),
    tenants: fc.dictionary(fc.constantFrom('acme', 'globex', 'initech'), fc.record({ regions: some, residency: residence, holdBack: fc.option(fc.constant('audit'), { nil: undefined }) })),
    residency: fc.option(fc.record({ allow: fc.dictionary(fc.constantFrom('AU', 'EU', 'US'), fc.subarray(names)) }), { nil: undefined }),
    lifecycle: fc.tuple(...['staging', 'production'].map((environment) => fc.record({
      environment: fc.constant(environment),
      waves: fc.oneof(some.map((list) => list.map((name) => [name])), fc.constantFrom<unknown>('all', { order: 'smallest-first' }, { order: 'rolling', concurrency: 2 })),
    }))),
  }).map((changes) => shop(written(changes)));

  /** Written apart from the rule that it is held against. */
  function mayRun(document: PipelineDocument, region: string, tenant: string | undefined): boolean {
    const residences = [document.regions[region]!.residency, tenant === undefined ? undefined : document.tenants![tenant]!.residency];
    return residences.every((each) => {
      if (each === undefined) return true;
      const rule = new Map(Object.entries(document.residency?.allow ?? {})).get(each);
      return rule === undefined ? document.regions[region]!.residency === each : rule.includes(region);
    });
  }

  function planOf(document: PipelineDocument): Plan | undefined {
    try {
      return planRollout({ document, revision: 1, release: '1.1.0', verified: {}, board: [], options: shipOptions() });
    } catch (error) {
      if (error instanceof MeridianFailure && error.code === 'ResidencyViolated') return undefined;
      throw error;
    }
  }

  it('puts data where it may not be, whatever the document says', () => {
    fc.assert(fc.property(documents, (document) => {
      for (const { region, tenant } of planOf(document)?.phases.flatMap(placesOf) ?? []) expect(mayRun(document, region, tenant)).toBe(true);
    }), { numRuns: 300 });
  });

  it('does so after drained regions have been put last', () => {
    fc.assert(fc.property(documents, fc.subarray(names), (document, drained) => {
      const plan = planOf(document);
      if (plan === undefined) return;
      const places = plan.phases.flatMap(placesOf).filter(({ environment, region }) => environment === 'production' && drained.includes(region));
      for (const { region, tenant } of requeue(plan, 'production', places, document).phases.flatMap(placesOf)) expect(mayRun(document, region, tenant)).toBe(true);
    }));
  });

  it('is refused for a document that has passed the check of its residency', () => {
    fc.assert(fc.property(documents, (document) => {
      fc.pre(residencyProblems(document).length === 0);
      expect(planOf(document)).toBeDefined();
    }));
  });

  it('is made of a document that the check refuses, where a place of it is concerned', () => {
    fc.assert(fc.property(documents, (document) => {
      const plan = planOf(document);
      fc.pre(plan === undefined);
      expect(residencyProblems(document)).not.toEqual([]);
      expect(() => planRollout({ document, revision: 1, release: '1.1.0', verified: {}, board: [], options: shipOptions() })).toThrow(MeridianFailure);
    }));
  });
});
