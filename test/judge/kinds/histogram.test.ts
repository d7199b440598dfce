import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt, type Grid } from '../../../src/judge/drift/grid.js';
import { Curve, hasSameEdges, logCentre, readBuckets } from '../../../src/judge/kinds/distribution.js';
import { shapeOf } from '../../../src/judge/kinds/histogram-reading.js';
import { histogramKind } from '../../../src/judge/kinds/histogram.js';
import type { Noise } from '../../../src/judge/noise/noise.js';
import { timesOf } from '../../../src/judge/times.js';
import { histogram } from '../looks.js';
import { latencies } from '../latencies.js';

const counts = fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }).map((thousandths) => thousandths / 1_000), fc.integer({ min: 0, max: 500 })), { minLength: 1, maxLength: 12 });
const buckets = counts.map((rows) => {
  const edges = [...new Set(rows.map(([edge]) => edge))].toSorted((left, right) => left - right);
  let below = 0;
  return readBuckets({ ...Object.fromEntries(edges.map((edge, index) => [String(edge), (below += rows[index]![1])])), '+Inf': below + 1 })!;
});
const shifts = fc.double({ min: -1.5, max: 1.5, noNaN: true });
const sum = (values: number[]): number => values.reduce((total, each) => total + each, 0);

describe('a distribution, read from cumulative buckets', () => {
  it('holds the requests of each bucket alone', () => {
    expect(readBuckets({ '0.3': 95, '0.1': 80, '+Inf': 96 })).toEqual({ edges: [0.1, 0.3], counts: [80, 15, 1], total: 96 });
  });

  it('takes a count that falls back as no more, and none above the total', () => {
    expect(readBuckets({ '0.1': 80, '0.3': 70, '1': 90, '+Inf': 90 })).toEqual({ edges: [0.1, 0.3, 1], counts: [80, 0, 10, 0], total: 90 });
  });

  it('is nothing without requests, or without an edge', () => {
    expect([readBuckets({}), readBuckets({ '0.1': 0, '+Inf': 0 }), readBuckets({ '+Inf': 12 }), readBuckets({ nonsense: 12 })]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('knows the last bucket by any of its names', () => {
    const wanted = { edges: [0.1], counts: [1, 1], total: 2 };
    for (const name of ['+Inf', 'Inf', 'inf', 'Infinity']) expect(readBuckets({ '0.1': 1, [name]: 2 })).toEqual(wanted);
  });

  it('takes one edge that is written in two ways for one', () => {
    const wanted = { edges: [0.1, 1], counts: [3, 4, 1], total: 8 };
    expect(readBuckets({ '0.1': 3, '1.0': 7, '1': 5, '+Inf': 8 })).toEqual(wanted);
    expect(readBuckets({ '0.1': 3, '1.0': 5, '1': 7, '+Inf': 8 })).toEqual(wanted);
  });

  it('is compared only with one of the same edges', () => {
    const of = (...edges: number[]) => readBuckets(Object.fromEntries(edges.map((edge) => [String(edge), 1])))!;
    expect([hasSameEdges(of(1, 2), of(1, 2)), hasSameEdges(of(1, 2), of(1, 3)), hasSameEdges(of(1, 2), of(1))]).toEqual([true, false, false]);
  });
});

describe('the curve of a distribution', () => {
  it('never falls, and stays between none and all', () => {
    fc.assert(fc.property(buckets, (read) => {
      const curve = new Curve(read);
      const values = Array.from({ length: 200 }, (_, index) => curve.at(-9 + index * 0.09));
      values.forEach((share, index) => expect(share).toBeGreaterThanOrEqual((values[index - 1] ?? 0) - 1e-12));
      expect(values.at(-1)).toBeLessThanOrEqual(1);
    }), { numRuns: 60 });
  });

  it('goes through what was counted, but for half a request in each bucket', () => {
    const read = readBuckets({ '0.1': 80, '0.3': 95, '+Inf': 96 })!;
    const curve = new Curve(read);
    expect(curve.at(Math.log(0.1))).toBeCloseTo(80.5 / 97.5, 12);
    expect(curve.at(Math.log(0.3))).toBeCloseTo(96 / 97.5, 12);
  });

  it('gives every bucket its share, all of them together one, however it is shifted', () => {
    fc.assert(fc.property(buckets, shifts, (read, shift) => {
      const shares = new Curve(read).shares(read.edges, shift);
      expect(shares).toHaveLength(read.counts.length);
      expect(Math.min(...shares)).toBeGreaterThan(0);
      expect(sum(shares)).toBeCloseTo(1, 6);
    }), { numRuns: 100 });
  });

  it('weighs counts by the logarithms of those shares', () => {
    fc.assert(fc.property(buckets, shifts, (read, shift) => {
      const curve = new Curve(read);
      const wanted = sum(curve.shares(read.edges, shift).map((share, index) => (read.counts[index]! > 0 ? read.counts[index]! * Math.log(share) : 0)));
      const found = curve.logLikelihood(read.counts, read.edges.map(Math.log), shift);
      expect(Math.abs(found - wanted)).toBeLessThan(1e-6 * (1 + Math.abs(wanted)));
    }), { numRuns: 100 });
  });

  it('has its median where half of the requests are', () => {
    expect(new Curve(readBuckets({ '1': 100, '2': 300, '+Inf': 400 })!).median).toBeCloseTo(Math.SQRT2, 2);
    expect(new Curve(readBuckets({ '1': 10, '+Inf': 400 })!).median).toBeUndefined();
  });

  it('has its centre, in logarithms, between its buckets', () => {
    expect(logCentre(readBuckets({ '1': 0, '4': 100, '+Inf': 100 })!)).toBeCloseTo(Math.log(2), 12);
  });
});

const noise: Noise = { reference: 'controls', isLearned: true, past: 14_400, mean: 0, sigma: 0.02, startSd: 0.05, spread: 1, offsets: {} };
const grid: Grid = { step: 0.01, points: 121, first: -0.6, below: 0, above: 0 };
const peakOf = (likelihood: Float64Array): number => valueAt(grid, likelihood.indexOf(likelihood.reduce((top, each) => Math.max(top, each))));

describe('the likelihood of a look at a histogram', () => {
  it.each([0, 0.1, -0.1, 0.3, -0.25])('finds it again that every request took e^%d times as long', (shift) => {
    const look = { region: histogram(latencies(4_000, shift)), controls: { rome: histogram(latencies(9_000)), oslo: histogram(latencies(5_000)) } };
    const found = peakOf(histogramKind.compare(look, noise, grid, [])!.likelihood);
    expect(Math.abs(found - shift)).toBeLessThan(0.025);
  });

  it('is not moved by a control that is missing', () => {
    const controls = { slow: histogram(latencies(5_000, 0.2)), fast: histogram(latencies(5_000, -0.2)) };
    const history = Array.from({ length: 30 }, () => ({ region: histogram(latencies(4_000)), controls }));
    const learned = histogramKind.learn(history, 'controls', timesOf(30));
    const level = (names: (keyof typeof controls)[]): number =>
      peakOf(histogramKind.compare({ region: histogram(latencies(4_000)), controls: Object.fromEntries(names.map((name) => [name, controls[name]])) }, learned, grid, [])!.likelihood);
    const both = level(['slow', 'fast']);
    expect(Math.abs(level(['slow']) - both)).toBeLessThan(0.06);
    expect(Math.abs(level(['fast']) - both)).toBeLessThan(0.06);
  });

  it('counts controls with other edges as none', () => {
    const other = histogram({ '0.5': 10, '+Inf': 12 });
    const look = { region: histogram(latencies(100)), controls: { rome: other, oslo: histogram(latencies(100)) } };
    expect(histogramKind.compare(look, noise, grid, [])!.controls).toEqual(['oslo']);
    expect(histogramKind.compare({ ...look, controls: { rome: other } }, noise, grid, [])).toBeUndefined();
  });

  it('is held against the shape of the past where there are no controls', () => {
    const history = Array.from({ length: 20 }, () => ({ region: histogram(latencies(1_000)), controls: {} }));
    const shape = shapeOf(history)!;
    const found = histogramKind.compare({ region: histogram(latencies(4_000, 0.2)), controls: {} }, { ...noise, reference: 'past', shape }, grid, [])!;
    expect(Math.abs(peakOf(found.likelihood) - 0.2)).toBeLessThan(0.025);
    expect(found.controls).toEqual([]);
  });
});
