import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerLine } from '../../src/judge/replay/header-line.js';
import { readSoak } from '../../src/judge/replay/read-soak.js';
import { lookLines } from '../../src/judge/replay/sample-lines.js';
import { verdictLine } from '../../src/judge/replay/verdict-line.js';
import type { CheckLook, Look, Sample } from '../../src/judge/sample.js';
import type { JudgedCheck, JudgedSoak } from '../../src/judge/soak.js';
import type { CheckVerdict, SoakVerdict } from '../../src/judge/verdict.js';

const names = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', '1', 'toString', 'ünï €'));
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const count = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }).map((value) => value + 0);
const edge = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }).map(String), fc.constant('+Inf'));

const silence: fc.Arbitrary<Sample> = fc.record({ kind: fc.constantFrom('no-data', 'error'), reason: fc.string() });
const samples: Record<JudgedCheck['kind'], fc.Arbitrary<Sample>> = {
  ratio: fc.oneof(silence, fc.record({ kind: fc.constant('ratio'), bad: count, total: count })),
  value: fc.oneof(silence, fc.record({ kind: fc.constant('value'), value: number })),
  histogram: fc.oneof(silence, fc.record({ kind: fc.constant('histogram'), buckets: fc.dictionary(edge, count, { minKeys: 1 }) })),
};

const lookOf = (kind: JudgedCheck['kind']): fc.Arbitrary<CheckLook> =>
  fc.record({ region: samples[kind], controls: fc.dictionary(names, samples[kind], { noNullPrototype: true }) });

const written: fc.Arbitrary<{ checks: JudgedCheck[]; look: Look }> = fc
  .uniqueArray(fc.record({ name: names, kind: fc.constantFrom('ratio', 'value', 'histogram') }), { minLength: 1, maxLength: 4, selector: ({ name }) => name })
  .chain((checks) => fc.record({
    checks: fc.constant(checks),
    look: fc.record({
      t: number,
      checks: fc.tuple(...checks.map(({ kind }) => lookOf(kind))).map((looks) => Object.fromEntries(checks.map(({ name }, place) => [name, looks[place]!]))),
    }),
  }));

/** Objects with a key `__proto__` are told apart only as text. */
const textOf = (value: unknown): string => JSON.stringify(value);

describe('the lines of a soak', () => {
  it('give back every look as it was written', () => {
    fc.assert(fc.property(written, ({ checks, look }) => {
      const soak: JudgedSoak = { deployAt: look.t, step: 30, checks, soak: { min: 60, max: 120 } };
      const read = readSoak([headerLine(soak, {}), ...lookLines(look)].join('\n'));
      expect(textOf(read.looks)).toBe(textOf([look]));
    }), { numRuns: 300 });
  });

  it('give back the soak, with what the judge had learned', () => {
    const soak: JudgedSoak = {
      deployAt: 1_000.5, step: 30,
      checks: [
        { name: 'errors', kind: 'ratio', objective: 0.999, margin: 1.3 },
        { name: 'free', kind: 'value', min: 2, max: 9, worse: 'lower' },
        { name: 'latency', kind: 'histogram' },
      ],
      soak: { min: 1_800, max: 7_200, minSamples: 100, duration: 3_600, earlyFinish: true },
      carried: { errors: -0.2 }, budgetLeft: 400,
    };
    const learned = { noise: { errors: [0.1, 1e-300] } };
    expect(readSoak(headerLine(soak, learned))).toMatchObject({ soak, learned, history: [], looks: [] });
  });

  it('write down what is no number as no data, and a count below zero as an error', () => {
    const look: Look = {
      t: 5,
      checks: {
        errors: { region: { kind: 'ratio', bad: Number.NaN, total: 3 }, controls: { rome: { kind: 'ratio', bad: -1, total: 3 } } },
        latency: { region: { kind: 'histogram', buckets: {} }, controls: {} },
      },
    };
    expect(lookLines(look).map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        t: 5, check: 'errors', region: null, controls: { rome: null }, silence: { kind: 'no-data', reason: 'the source answered NaN, 3' },
        silences: { rome: { kind: 'error', reason: 'the source answered negative counts: -1, 3' } },
      },
      { t: 5, check: 'latency', region: null, controls: {}, silence: { kind: 'no-data', reason: 'the source answered no buckets' } },
    ]);
  });
});

const check: CheckVerdict = {
  name: 'errors', kind: 'ratio', verdict: 'fail', observed: 0.2, limit: 0.1, evidence: 400, logE: 8, effect: 2.3, interval: [1.7, 3.1], excluded: null,
  attributable: 30, controls: ['rome'], explanation: 'errors ×2.3',
};
const verdict: SoakVerdict = { t: 90, decision: 'hold', cause: 'evidence', credited: 90, needs: 4, logE: 8, checks: [check], explanation: 'errors ×2.3' };

describe('the line of a verdict', () => {
  it('has the keys of the format and no others', () => {
    expect(verdictLine(verdict)).toBe('{"t":90,"decision":"hold","checks":[{"name":"errors","logE":8,"effect":2.3,"interval":[1.7,3.1],"excluded":null,'
      + '"explanation":"errors ×2.3"}],"explanation":"errors ×2.3"}');
  });

  it('has finite numbers, and null for what nobody knows', () => {
    const endless = { ...check, logE: -Infinity, effect: Number.NaN, interval: [1, Infinity] as [number, number], excluded: Infinity };
    expect(JSON.parse(verdictLine({ ...verdict, checks: [endless] }))).toMatchObject({
      checks: [{ logE: -Number.MAX_VALUE, effect: null, interval: null, excluded: null }],
    });
  });
});
