import fc from 'fast-check';
import type { CheckLook, Look, Sample } from '../../src/judge/sample.js';
import type { JudgedCheck, JudgedSoak, JudgeOptions } from '../../src/judge/soak.js';
import { deployAt } from './looks.js';

/** Names that an object has anyway, or that it puts first. */
const names = fc.constantFrom('errors', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '1', 'free memory', 'ünï €');

/** Numbers that a source could answer, and some that none should. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
  { weight: 3, arbitrary: fc.double({ min: 0, max: 1_000, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, -1, 1e9, 1e12, 1e15, 1e300, Number.MIN_VALUE, Number.NaN, Infinity, -Infinity) },
);

const edge = fc.constantFrom('0.005', '0.01', '0.1', '0.10', '0.3', '1', '1.0', '2.5', '+Inf', '-1', '0', 'NaN', 'nonsense', '__proto__');
const counted = fc.record({ bad: number, total: number }).map(({ bad, total }): Sample => ({ kind: 'ratio', bad, total }));
const measured = number.map((value): Sample => ({ kind: 'value', value }));
const spread = fc.dictionary(edge, number).map((buckets): Sample => ({ kind: 'histogram', buckets }));
const usual = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 4, maxLength: 4 }).map(([a, b, c, d]): Sample =>
  ({ kind: 'histogram', buckets: { '0.1': a!, '0.3': a! + b!, '1': a! + b! + c!, '+Inf': a! + b! + c! + d! } }));
const silent = fc.record({ kind: fc.constantFrom('no-data' as const, 'error' as const), reason: fc.constantFrom('', 'errors is empty', 'connection refused,\ntwice') });

const sample = (kind: JudgedCheck['kind']): fc.Arbitrary<Sample> => {
  const own = { ratio: counted, value: measured, histogram: fc.oneof(spread, usual) }[kind];
  return fc.oneof({ weight: 12, arbitrary: own }, { weight: 2, arbitrary: silent }, { weight: 1, arbitrary: fc.oneof(counted, measured, spread) });
};

const checkLook = (kind: JudgedCheck['kind']): fc.Arbitrary<CheckLook> =>
  fc.record({ region: sample(kind), controls: fc.dictionary(names, sample(kind), { maxKeys: 4, noNullPrototype: true }) });

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const check: fc.Arbitrary<JudgedCheck> = fc.record({
  name: names,
  kind: fc.constantFrom('ratio', 'value', 'histogram'),
  objective: optional(fc.constantFrom(0.5, 0.9, 0.999, 0.99999)),
  max: optional(fc.constantFrom(0, 10, 1e6)),
  min: optional(fc.constantFrom(0, 0.5)),
  margin: optional(fc.constantFrom(1.05, 1.3, 2, 8)),
  worse: optional(fc.constantFrom('higher', 'lower')),
});

const soakOf = (checks: JudgedCheck[]): fc.Arbitrary<JudgedSoak> => fc.record({
  deployAt: fc.constant(deployAt),
  step: fc.constantFrom(1, 15, 30, 60),
  checks: fc.constant(checks),
  soak: fc.record({
    min: fc.constantFrom(0, 10, 300),
    max: fc.constantFrom(0, 60, 3_600),
    minSamples: optional(fc.constantFrom(0, 10, 1_000)),
    duration: optional(fc.constantFrom(0, 600)),
    earlyFinish: optional(fc.boolean()),
  }),
  carried: optional(fc.dictionary(names, fc.constantFrom(-3, 0, 2, 50), { noNullPrototype: true })),
  budgetLeft: optional(fc.constantFrom(0, 100)),
});

/** How many steps after the look before: mostly one. */
const gap = fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(0, 0.3, 1.7, 2, 12, 500) });

const looksOf = (checks: JudgedCheck[], count: { minLength: number; maxLength: number }): fc.Arbitrary<{ gap: number; checks: Look['checks'] }[]> => {
  const one = checks.map(({ name, kind }) => fc.option(checkLook(kind), { nil: undefined, freq: 12 }).map((look): [string, CheckLook | undefined] => [name, look]));
  const looked = fc.tuple(...one).map((entries) => Object.fromEntries(entries.flatMap(([name, look]): [string, CheckLook][] => (look === undefined ? [] : [[name, look]]))));
  return fc.array(fc.record({ gap, checks: looked }), count);
};

export interface AnySoak {
  soak: JudgedSoak;
  history: Look[];
  looks: Look[];
  options: JudgeOptions;
}

const options: fc.Arbitrary<JudgeOptions> = fc.record({ margin: optional(fc.constantFrom(1.2, 3)), bar: optional(fc.constantFrom(5, 1e6)), min: optional(fc.constantFrom(0, 900)) });

/** Any soak that can be judged, with any samples whatever. */
export const anySoak: fc.Arbitrary<AnySoak> = fc
  .uniqueArray(check, { minLength: 1, maxLength: 3, selector: ({ name }) => name })
  .chain((checks) => fc.record({ soak: soakOf(checks), past: looksOf(checks, { minLength: 0, maxLength: 25 }), after: looksOf(checks, { minLength: 1, maxLength: 25 }), options }))
  .map(({ soak, past, after, options: chosen }) => {
    let at = deployAt;
    return {
      soak, options: chosen,
      history: past.map(({ checks }, index) => ({ t: deployAt - (past.length - 1 - index) * soak.step, checks })),
      looks: after.map(({ gap: steps, checks }) => ({ t: (at += steps * soak.step), checks })),
    };
  });
