import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { refuseLostPhases } from '../../../src/rollout/plan/plan.js';
import type { Plan } from '../../../src/rollout/schema/plan.js';
import type { ShipOptions } from '../../../src/rollout/schema/ship.js';
import { ask, covered, everywhere, running, walk } from './ask-plan.js';
import { shop, verifiedIn } from '../sample-document.js';

describe('the walk', () => {
  it('begins at the first phase where the release is not verified in every region', () => {
    expect(ask({ verified: verifiedIn(...everywhere('staging')) })).toMatchObject({ phases: [{ environment: 'production' }], alreadyVerified: ['staging'] });
    expect(walk(ask({ verified: verifiedIn('staging/sydney', 'staging/frankfurt') }))).toEqual(['staging', 'production']);
  });

  it('ends with the environment that is asked for', () => {
    expect(walk(ask({ options: { to: 'staging' } }))).toEqual(['staging']);
    expect(walk(ask({ options: { to: 'production' } }))).toEqual(['staging', 'production']);
  });

  it.each<[string, Partial<ShipOptions>]>([
    ['to', { to: 'produktion' }],
    ['include', { include: ['produktion'] }],
    ['override', { override: { from: 'produktion', reason: 'outage' } }],
  ])('is refused where %s names an environment that the lifecycle does not have', (_option, options) => {
    expect(() => ask({ options })).toThrow(expect.objectContaining({
      code: 'InvalidRequest', message: 'The lifecycle has no environment produktion. It has: staging, production. Did you mean production?',
    }));
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
});

describe('an optional phase', () => {
  const document = shop({ lifecycle: [{ environment: 'staging' }, { environment: 'canary', optional: true }, { environment: 'production' }] });

  it('is left out unless it is asked for, and the plan says so', () => {
    const plan = ask({ document });
    expect(walk(plan)).toEqual(['staging', 'production']);
    expect(plan.leftOut).toEqual([{ environment: 'canary', why: 'optional: shipped only when it is asked for' }]);
  });

  it('is not named as left out when the release is verified there anyway', () => {
    expect(ask({ document, verified: verifiedIn(...everywhere('staging', 'canary')) }).leftOut).toEqual([]);
  });

  it('is in the walk when it is included, or when it is where the walk shall end', () => {
    expect(ask({ document, options: { include: ['canary'] } })).toMatchObject({ phases: [{}, { environment: 'canary' }, {}], leftOut: [] });
    expect(walk(ask({ document, options: { to: 'canary' } }))).toEqual(['staging', 'canary']);
  });

  it('never keeps the walk from what comes after it', () => {
    expect(walk(ask({ document, verified: verifiedIn(...everywhere('staging')) }))).toEqual(['production']);
  });

  it('is walked first when it is asked for and what comes after it is not verified', () => {
    expect(walk(ask({ document, options: { include: ['canary'] }, verified: verifiedIn(...everywhere('staging')) }))).toEqual(['canary', 'production']);
  });

  it('is never where the lifecycle goes on by itself', () => {
    expect(ask({ document, options: { to: 'staging' } }).next).toBe('production');
    const last = shop({ lifecycle: [{ environment: 'staging' }, { environment: 'load-test', optional: true }] });
    expect(ask({ document: last })).toMatchObject({ next: null, leftOut: [{ environment: 'load-test' }] });
  });

  it('is not left out silently where the walk ends before it', () => {
    expect(() => ask({ document, options: { to: 'staging', include: ['canary'] } })).toThrow(expect.objectContaining({
      code: 'InvalidRequest', message: 'The walk ends with staging and does not reach canary. Ship with to: canary.',
    }));
  });
});

describe('a phase with manual promotion', () => {
  const lifecycle = [{ environment: 'staging' }, { environment: 'production', promotion: 'manual' }, { environment: 'standby' }];
  const document = shop({ lifecycle });

  it('ends the walk before it, and is what comes next', () => {
    expect(ask({ document })).toMatchObject({ phases: [{ environment: 'staging' }], next: 'production', leftOut: [] });
  });

  it('is in the walk when the walk shall go so far, or further', () => {
    expect(ask({ document, options: { to: 'production' } })).toMatchObject({ phases: [{}, { environment: 'production' }], next: 'standby' });
    expect(walk(ask({ document, options: { to: 'standby' } }))).toEqual(['staging', 'production', 'standby']);
  });

  it('leaves nothing to do once the release is verified and runs before it', () => {
    const plan = ask({ document, verified: verifiedIn(...everywhere('staging')), board: running('1.1.0', ...everywhere('staging')) });
    expect(plan).toMatchObject({ phases: [], alreadyVerified: ['staging'], next: 'production' });
  });

  it('lets a release that was replaced before it be shipped there again', () => {
    const plan = ask({ document, verified: verifiedIn(...everywhere('staging')), board: running('1.2.0', ...everywhere('staging')) });
    expect(plan).toMatchObject({ phases: [{ environment: 'staging' }], next: 'production' });
  });

  it('is nothing to wait for when the release is verified and runs there', () => {
    const places = everywhere('staging', 'production');
    expect(ask({ document, verified: verifiedIn(...places), board: running('1.1.0', ...places) })).toMatchObject({
      phases: [{ environment: 'standby' }], alreadyVerified: ['staging', 'production'], next: null,
    });
  });

  it('ends a walk that begins before it, and the lifecycle goes on behind it, where something is left to do', () => {
    const places = everywhere('staging', 'production').slice(1);
    expect(ask({ document, verified: verifiedIn(...places), board: running('1.1.0', ...places) })).toMatchObject({
      phases: [{ environment: 'staging' }], alreadyVerified: [], next: 'standby',
    });
  });

  it('waits for a promotion again when another release runs there', () => {
    const places = everywhere('staging', 'production');
    const board = running('1.2.0', ...places);
    expect(ask({ document, verified: verifiedIn(...places), board })).toMatchObject({ phases: [{ environment: 'staging' }], next: 'production' });
  });

  it('does not keep an optional phase behind it from being asked for by its name', () => {
    const optional = shop({ lifecycle: [...lifecycle.slice(0, 2), { environment: 'canary', optional: true }] });
    expect(() => ask({ document: optional, options: { include: ['canary'] } })).toThrow(expect.objectContaining({
      code: 'InvalidRequest', message: 'The walk ends with staging and does not reach canary. Ship with to: canary.',
    }));
    expect(walk(ask({ document: optional, options: { to: 'canary' } }))).toEqual(['staging', 'production', 'canary']);
  });
});

describe('an override', () => {
  const document = shop({ lifecycle: ['dev', 'staging', 'production'].map((environment) => ({ environment })) });
  const override = (from: string): Partial<ShipOptions> => ({ override: { from, reason: 'checkout is down' } });

  it('begins the walk with its phase, and names each phase that is passed over', () => {
    const plan = ask({ document, options: override('production'), verified: verifiedIn(...everywhere('dev')) });
    expect(plan).toMatchObject({
      phases: [{ environment: 'production' }], alreadyVerified: ['dev'],
      leftOut: [{ environment: 'staging', why: 'passed over by override: checkout is down' }],
    });
  });

  it('reaches a phase that waits for a promotion, and goes on to the next one that does', () => {
    const manual = shop({ lifecycle: [
      { environment: 'staging' }, { environment: 'production', promotion: 'manual' }, { environment: 'standby' }, { environment: 'archive', promotion: 'manual' },
    ] });
    expect(ask({ document: manual, options: override('production') })).toMatchObject({
      phases: [{ environment: 'production' }, { environment: 'standby' }], next: 'archive', leftOut: [{ environment: 'staging' }],
    });
  });

  it('is refused where the walk ends before its phase', () => {
    expect(() => ask({ document, options: { ...override('production'), to: 'staging' } })).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });

  it('passes over nothing where every phase before is verified', () => {
    expect(ask({ document, options: override('staging'), verified: verifiedIn(...everywhere('dev')) })).toMatchObject({
      phases: [{ environment: 'staging' }, { environment: 'production' }], alreadyVerified: ['dev'], leftOut: [],
    });
  });
});

describe('every walk', () => {
  const names = ['dev', 'staging', 'canary', 'production'];
  const phases = fc.tuple(...names.map((environment) =>
    fc.record({ environment: fc.constant(environment), optional: fc.boolean(), promotion: fc.constantFrom('automatic', 'manual') })));
  const keys = fc.subarray(everywhere(...names));
  const questions = fc.record({
    phases: phases.chain((all) => fc.subarray(all, { minLength: 1 })), verified: keys, there: keys,
    to: fc.option(fc.nat(3), { nil: undefined }), include: fc.subarray([0, 1, 2, 3]),
  }).map(({ phases: lifecycle, verified, there, to, include }) => {
    const nameOf = (index: number): string => lifecycle[index % lifecycle.length]!.environment;
    return {
      lifecycle, verified, there,
      options: { ...(to !== undefined && { to: nameOf(to) }), ...(include.length > 0 && { include: include.map(nameOf) }) } satisfies Partial<ShipOptions>,
    };
  });

  type Question = typeof questions extends fc.Arbitrary<infer Each> ? Each : never;

  /** Undefined for options that contradict each other. */
  function planFor({ lifecycle, verified, there, options }: Question): Plan | undefined {
    try {
      return ask({ document: shop({ lifecycle }), verified: verifiedIn(...verified), board: running('1.1.0', ...there), options });
    } catch (error) {
      if (error instanceof MeridianFailure && error.code === 'InvalidRequest') return undefined;
      throw error;
    }
  }

  it('enters no phase before each that must come first is verified, or shipped before it', () => {
    fc.assert(fc.property(questions, (question) => {
      const plan = planFor(question);
      for (const environment of plan === undefined ? [] : walk(plan)) {
        const required = question.lifecycle.slice(0, question.lifecycle.findIndex((phase) => phase.environment === environment)).filter(({ optional }) => !optional);
        for (const key of everywhere(...required.map((phase) => phase.environment))) expect([...question.verified, ...covered(plan!)]).toContain(key);
      }
    }));
  });

  it('ships to each place of its phases, but for those where nothing is left to do', () => {
    fc.assert(fc.property(questions, (question) => {
      const plan = planFor(question);
      if (plan === undefined) return;
      const isDone = (key: string): boolean => question.verified.includes(key) && question.there.includes(key);
      expect(covered(plan).toSorted()).toEqual(everywhere(...walk(plan)).filter((key) => !isDone(key)).toSorted());
    }));
  });

  it('goes through phases in the order of the lifecycle, each once', () => {
    fc.assert(fc.property(questions, (question) => {
      const plan = planFor(question);
      if (plan === undefined) return;
      const order = question.lifecycle.map(({ environment }) => environment);
      expect(order.filter((environment) => walk(plan).includes(environment))).toEqual(walk(plan));
    }));
  });

  it('comes to no phase that waits for a promotion or must be asked for, unless somebody has', () => {
    fc.assert(fc.property(questions, (question) => {
      const plan = planFor(question);
      const { to, include = [] } = question.options;
      for (const environment of plan === undefined ? [] : walk(plan)) {
        const { optional, promotion } = question.lifecycle.find((phase) => phase.environment === environment)!;
        const isNamed = to === environment || include.includes(environment);
        expect(isNamed || !optional).toBe(true);
        expect(isNamed || to !== undefined || promotion === 'automatic').toBe(true);
      }
    }));
  });

  it('names as the next phase one that must be passed, comes later and is not done', () => {
    fc.assert(fc.property(questions, (question) => {
      const plan = planFor(question);
      if (plan?.next === undefined || plan.next === null) return;
      const order = question.lifecycle.map(({ environment }) => environment);
      const next = question.lifecycle.find(({ environment }) => environment === plan.next)!;
      expect(next.optional).toBe(false);
      for (const environment of [...walk(plan), ...plan.alreadyVerified]) expect(order.indexOf(plan.next)).toBeGreaterThan(order.indexOf(environment));
      expect(everywhere(plan.next).every((key) => question.verified.includes(key) && question.there.includes(key))).toBe(false);
    }));
  });
});
