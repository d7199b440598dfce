import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt, widthOf, type Grid } from '../../../src/judge/drift/grid.js';
import { ratioLikelihood } from '../../../src/judge/kinds/ratio-likelihood.js';
import { ratioKind } from '../../../src/judge/kinds/ratio.js';
import { readRatio } from '../../../src/judge/kinds/ratio-reading.js';
import { logBeta, logChoose } from '../../../src/judge/numerics/log-beta.js';
import { errors, ratio } from '../looks.js';

const grid: Grid = { step: 0.25, points: 9, first: -1, below: 4, above: 8 };
const levels = Array.from({ length: widthOf(grid) }, (_, index) => valueAt(grid, index));
const reading = (bad: number, total: number, controlBad: number, controlTotal: number) => ({ bad, total, controlBad, controlTotal, controls: [] });

const choose = (n: number, k: number): number => Array.from({ length: k }, (_, index) => (n - index) / (index + 1)).reduce((product, each) => product * each, 1);

/** Beta-binomial, factor by factor, with one look in a hundred that nothing explains. */
function byHand(bad: number, counted: number, share: number, spread: number): number {
  const precision = 1 / (share * (1 - share) * spread) - 1;
  const [a, b] = [share * precision, (1 - share) * precision];
  let product = choose(counted, bad);
  for (let index = 0; index < bad; index++) product *= (a + index) / (a + b + index);
  for (let index = 0; index < counted - bad; index++) product *= (b + index) / (a + b + bad + index);
  return 0.99 * product + 0.01 / (counted + 1);
}

const shareAt = (level: number, total: number, controlTotal: number): number => (total * Math.exp(level)) / (total * Math.exp(level) + controlTotal);

const requests = fc.integer({ min: 1, max: 100_000 });
const spreads = fc.constantFrom(1e-6, 1e-4, 0.01, 0.05, 0.3);

describe('the likelihood of a look at a ratio', () => {
  it('is that of a beta-binomial share of all bad requests, by hand', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), requests, requests, spreads, (bad, controlBad, total, controlTotal, spread) => {
      const found = ratioLikelihood(reading(bad, total, controlBad, controlTotal), grid, spread);
      levels.forEach((level, index) => {
        const wanted = byHand(bad, bad + controlBad, shareAt(level, total, controlTotal), spread);
        expect(Math.abs(found[index]! / wanted - 1)).toBeLessThan(1e-5);
      });
    }), { numRuns: 60 });
  });

  it('adds up to one over everything that could have been counted, at every level', () => {
    for (const [counted, spread] of [[0, 0.05], [1, 0.05], [7, 0.2], [24, 0.01], [25, 0.01], [60, 1e-4], [60, 1e-12]] as const) {
      const sums = levels.map(() => 0);
      for (let bad = 0; bad <= counted; bad++) {
        ratioLikelihood(reading(bad, 500, counted - bad, 1_500), grid, spread).forEach((each, index) => (sums[index]! += each));
      }
      for (const all of sums) expect(all).toBeCloseTo(1, 8);
    }
  });

  it('adds up to one over all requests where the own past is the reference', () => {
    const past: Grid = { step: 0.5, points: 5, first: -3, below: 2, above: 4 };
    const sums = Array.from({ length: widthOf(past) }, () => 0);
    for (let bad = 0; bad <= 40; bad++) ratioLikelihood(reading(bad, 40, 0, 0), past, 0.02).forEach((each, index) => (sums[index]! += each));
    for (const all of sums) expect(all).toBeCloseTo(1, 8);
  });

  it('is the same multiplied out and by gamma functions', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 23 }), fc.integer({ min: 1, max: 24 }), spreads, (bad, counted, spread) => {
      fc.pre(bad < counted);
      const whole = ratioLikelihood(reading(bad, 1_000, counted - bad, 3_000), grid, spread);
      // No whole number: it cannot be multiplied out.
      const nearly = ratioLikelihood(reading(bad + 1e-9, 1_000, counted - bad, 3_000), grid, spread);
      whole.forEach((each, index) => expect(Math.abs(nearly[index]! / each - 1)).toBeLessThan(1e-5));
    }), { numRuns: 60 });
  });

  it('is a binomial where counting is all the noise', () => {
    const found = ratioLikelihood(reading(3, 1_000, 9, 3_000), grid, 1e-15);
    levels.forEach((level, index) => {
      const share = shareAt(level, 1_000, 3_000);
      expect(found[index]).toBeCloseTo(0.99 * choose(12, 3) * share ** 3 * (1 - share) ** 9 + 0.01 / 13, 9);
    });
  });

  it('says next to nothing without any bad request, and nothing of what is expected not to be seen', () => {
    expect(new Set(ratioLikelihood(reading(0, 1, 0, 3), grid, 0.05))).toEqual(new Set([1]));
  });

  it('is a number above zero for any counts, up to a thousand million and beyond', () => {
    const counts = fc.oneof(fc.constantFrom(0, 1, 24, 25, 1e6, 1e9, 1e12), fc.integer({ min: 0, max: 1e10 }).map((tenths) => tenths / 10));
    fc.assert(fc.property(counts, counts, counts, counts, spreads, (bad, good, controlBad, controlGood, spread) => {
      fc.pre(bad + good > 0);
      const found = ratioLikelihood(reading(bad, bad + good, controlBad, controlBad + controlGood), grid, spread);
      for (const each of found) expect(each > 0 && each < Infinity, String(each)).toBe(true);
    }), { numRuns: 200 });
  });

  it('keeps its digits where there are a thousand million bad requests', () => {
    const counts = fc.integer({ min: 1_000, max: 1_000_000_000 });
    fc.assert(fc.property(counts, counts, fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(1e-4, 0.01, 0.2), (counted, total, away, spread) => {
      const controlTotal = total * Math.exp(away);
      levels.forEach((level, index) => {
        const share = shareAt(level, total, controlTotal);
        const precision = 1 / (share * (1 - share) * spread) - 1;
        const bad = Math.round(counted * share);
        const [a, b] = [share * precision, (1 - share) * precision];
        const wanted = 0.99 * Math.exp(logChoose(counted, bad) + logBeta(bad + a, counted - bad + b) - logBeta(a, b)) + 0.01 / (counted + 1);
        const found = ratioLikelihood(reading(bad, total, counted - bad, controlTotal), grid, spread)[index]!;
        expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-3);
      });
    }), { numRuns: 20 });
  });

  it('tells looks above a level apart no further, and still adds up to one', () => {
    for (const [counted, spread] of [[1, 0.05], [7, 0.2], [60, 1e-4], [400, 0.01]] as const) {
      const most = 1.2;
      const outcomes = Array.from({ length: counted + 1 }, (_, bad) => ratioLikelihood(reading(bad, 500, counted - bad, 1_500), grid, spread, most));
      const different = [...new Map(outcomes.map((each) => [[...each].join(' '), each])).values()];
      levels.forEach((level, index) => {
        const all = different.reduce((sum, each) => sum + each[index]!, 0);
        expect(all).toBeGreaterThan(0.95);
        expect(all).toBeLessThan(level < most - 0.5 ? 1.1 : 1.7);
      });
    }
  });

  it('is the highest at the highest level for what is above all of them', () => {
    const found = ratioLikelihood(reading(6_000, 6_000, 18, 18_000), grid, 1e-4, 2);
    expect([...found]).toEqual([...found].toSorted((left, right) => left - right));
    expect(found.at(-1)! / found[0]!).toBeGreaterThan(100);
  });

  it('peaks where the shares of region and controls say', () => {
    const found = ratioLikelihood(reading(800, 100_000, 400, 100_000), { step: 0.01, points: 201, first: -1, below: 0, above: 0 }, 1e-4);
    expect(-1 + 0.01 * found.indexOf(Math.max(...found))).toBeCloseTo(Math.log(2), 2);
  });
});

describe('what is read of a look at a ratio', () => {
  const offsets = { rome: Math.log(2), oslo: Math.log(0.5) };

  it('is nothing where region or controls brought nothing or had no requests', () => {
    expect(readRatio({ region: ratio(0, 0), controls: { rome: ratio(1, 10) } }, 'controls', { offsets })).toBeUndefined();
    expect(readRatio({ region: ratio(1, 10), controls: {} }, 'controls', { offsets })).toBeUndefined();
    expect(readRatio({ region: ratio(1, 10), controls: { rome: ratio(0, 0), oslo: { kind: 'no-data', reason: '' } } }, 'controls', { offsets })).toBeUndefined();
    expect(readRatio({ region: { kind: 'error', reason: '' }, controls: { rome: ratio(1, 10) } }, 'controls', { offsets })).toBeUndefined();
  });

  it('never holds more bad requests than requests', () => {
    expect(readRatio({ region: ratio(12, 10), controls: {} }, 'past', { offsets: {} })).toMatchObject({ bad: 10, total: 10 });
  });

  it('expects of the controls what is usual for each: one that is missing does not move the level', () => {
    const at = (bad: number, total: number) => bad / total;
    const both = readRatio({ region: ratio(1, 100), controls: { rome: ratio(20, 1_000), oslo: ratio(5, 1_000) } }, 'controls', { offsets })!;
    const one = readRatio({ region: ratio(1, 100), controls: { rome: ratio(20, 1_000) } }, 'controls', { offsets })!;
    const other = readRatio({ region: ratio(1, 100), controls: { oslo: ratio(5, 1_000) } }, 'controls', { offsets })!;
    expect(at(one.controlBad, one.controlTotal)).toBeCloseTo(at(both.controlBad, both.controlTotal), 12);
    expect(at(other.controlBad, other.controlTotal)).toBeCloseTo(at(both.controlBad, both.controlTotal), 12);
  });

  it('leaves out controls that are sick, and names the others', () => {
    expect(readRatio(errors(6), 'controls', { offsets: {} }, ['oslo'])!.controls).toEqual(['rome', 'lima']);
    expect(readRatio(errors(6), 'controls', { offsets: {} }, ['rome', 'oslo', 'lima'])).toBeUndefined();
  });

  it('has no trouble with a control that is called constructor', () => {
    const found = ratioKind.learn(Array.from({ length: 20 }, () => ({ region: ratio(1, 100), controls: { constructor: ratio(2, 100) } })), 'controls', { step: 30, grace: 180, confirmation: 120, onsetEvery: 300, relaxation: 1_800, block: 300, silence: 180, incident: 600, enoughPast: 14_400 });
    expect(Object.keys(found.offsets)).toEqual(['constructor']);
    expect(readRatio({ region: ratio(1, 100), controls: { toString: ratio(2, 100) } }, 'controls', { offsets: {} })!.controlTotal).toBe(100);
  });
});
