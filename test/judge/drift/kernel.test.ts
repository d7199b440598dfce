import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Belief } from '../../../src/judge/drift/belief.js';
import { kernelOf } from '../../../src/judge/drift/kernel.js';
import { sharesOf, sum } from './shares.js';

const step = 0.05;
const gridOf = (reach: number) => ({ step, points: 2 * reach + 1, first: -reach * step, below: 0, above: 0 });

/** A belief at one point, as exactly as a bell can be there. */
const at = (point: number, points: number): Belief => Belief.bell(points, { first: 0, step: 1 }, { mean: point, sd: 0.05 });

function drifted(belief: Belief, looks: number, kernel: ReturnType<typeof kernelOf>): Belief {
  const scratch = new Float64Array(kernel.up.length);
  for (let look = 0; look < looks; look++) belief.drift(kernel, scratch);
  return belief;
}

const drifts = fc.record({
  sigma: fc.double({ min: 0.01, max: 2, noNaN: true }),
  share: fc.double({ min: 0.001, max: 1, noNaN: true }),
  mean: fc.double({ min: -1, max: 1, noNaN: true }),
  known: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('the drift of the log ratio', () => {
  it('moves shares and loses none, wherever it pulls and however much it moves', () => {
    fc.assert(fc.property(drifts, fc.integer({ min: 0, max: 40 }), (drift, point) => {
      const kernel = kernelOf(gridOf(20), drift);
      const shares = sharesOf(drifted(at(point, 41), 30, kernel));
      expect(sum(shares)).toBeCloseTo(1, 4);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    }), { numRuns: 60 });
  });

  it('never moves more than there is', () => {
    fc.assert(fc.property(drifts, (drift) => {
      const { up, down } = kernelOf(gridOf(20), drift);
      expect(Math.max(...up.map((share, index) => share + down[index]!))).toBeLessThanOrEqual(1);
      expect(Math.min(...up, ...down)).toBeGreaterThanOrEqual(0);
      expect([up.at(-1), down[0]]).toEqual([0, 0]);
    }), { numRuns: 100 });
  });

  it.each([[0.1, 0], [0.15, 0.2], [0.2, -0.3], [0.3, 0.1]])('comes to rest with its own spread (σ %d) around its own mean (%d), wherever it began', (sigma, mean) => {
    const reach = Math.ceil((6 * sigma + Math.abs(mean)) / step);
    const grid = gridOf(reach);
    for (const begin of [0, reach, 2 * reach]) {
      const { mean: middle, variance } = drifted(at(begin, grid.points), 1_200, kernelOf(grid, { mean, sigma, share: 1 / 60, known: 1 })).moments;
      expect(grid.first + middle * step).toBeCloseTo(mean, 2);
      expect((variance * step * step) / sigma ** 2).toBeGreaterThan(0.85);
      expect((variance * step * step) / sigma ** 2).toBeLessThan(1.15);
    }
  });

  it('moves by 2σ²Δ/τ in one look, in several rounds where one would not hold it', () => {
    const grid = gridOf(60);
    for (const sigma of [0.1, 0.5, 1]) {
      const share = 1 / 60;
      const kernel = kernelOf(grid, { mean: 0, sigma, share, known: 1 });
      const before = at(60, 121).moments.variance;
      const { variance } = drifted(at(60, 121), 1, kernel).moments;
      expect(((variance - before) * step * step) / (2 * sigma ** 2 * share)).toBeCloseTo(1, 1);
    }
    expect(kernelOf(grid, { mean: 0, sigma: 1, share: 1 / 60, known: 1 }).times).toBeGreaterThan(1);
    expect(kernelOf(grid, { mean: 0, sigma: 0.1, share: 1 / 60, known: 1 }).times).toBe(1);
  });

  it('goes back to the mean by its share of the way in one look', () => {
    const grid = gridOf(60);
    const kernel = kernelOf(grid, { mean: 0, sigma: 1, share: 1 / 60, known: 1 });
    const { mean } = drifted(at(80, 121), 1, kernel).moments;
    expect((mean - 60) / 20).toBeCloseTo(1 - 1 / 60, 2);
  });
});
